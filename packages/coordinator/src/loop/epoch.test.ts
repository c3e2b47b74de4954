import { expect, test } from "vitest";
import { nextEpoch } from "./epoch.ts";

const wallMs = 1_700_000_000_000;

test.each([
  ["above the wall clock", 0],
  ["above one from a clock that is ahead", (wallMs + 60_000) * 1_000 + 999],
  ["above its own last one within the same millisecond", nextEpoch(0, wallMs, 7)],
])("an epoch is %s, and ends in the coordinator's number", (_, highest) => {
  const epoch = nextEpoch(highest, wallMs, 7);
  expect(epoch).toBeGreaterThan(highest);
  expect(epoch).toBeGreaterThan(wallMs * 1_000);
  expect(epoch % 1_000).toBe(7);
  expect(Number.isSafeInteger(epoch)).toBe(true);
});

test("two coordinators never make the same epoch from the same knowledge", () => {
  expect(nextEpoch(5, wallMs, 1)).not.toBe(nextEpoch(5, wallMs, 2));
});
