import { expect, test } from "vitest";
import { parseDurationMs, parseSizeBytes } from "./quantities.ts";

test.each([
  ["3s", 3_000],
  ["500ms", 500],
  ["1.5 h", 5_400_000],
  ["0.3s", 300],
  ["250", 250],
  [250, 250],
  [0, 0],
  ["0.5ms", null],
  ["3 parsecs", null],
  ["-1s", null],
  ["1e3", null],
  ["constructor", null],
  ["1constructor", null],
  [1.5, null],
  [true, null],
  [undefined, null],
])("%j as a duration is %j", (text, expectedMs) => {
  expect(parseDurationMs(text)).toBe(expectedMs);
});

test.each([
  ["1GiB", 1_073_741_824],
  ["10GB", 10_000_000_000],
  ["1.5KiB", 1_536],
  [4096, 4_096],
  ["9000000TiB", null],
  ["1gib", null],
])("%j as a size is %j", (text, expectedBytes) => {
  expect(parseSizeBytes(text)).toBe(expectedBytes);
});
