import { expect, test } from "vitest";
import { isLoopback } from "./loopback.ts";

test.each([
  ["127.0.0.1", true],
  ["127.8.0.1", true],
  ["localhost", true],
  ["::1", true],
  ["[::1]", true],
  ["0:0:0:0:0:0:0:1", true],
  ["::ffff:127.0.0.1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["", false],
  ["10.0.0.1", false],
  ["127.0.0.1.example.org", false],
  ["::2", false],
])("%j is loopback: %j", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
