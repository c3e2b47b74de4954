import { expect, test } from "vitest";
import { attemptsToDelete, type RetainedAttempt } from "./retention.ts";

function attempt(key: string, endedAtMs: number, bytes = 10, acknowledged = true): RetainedAttempt {
  return { key, endedAtMs, bytes, acknowledged };
}

const limits = { maxAgeMs: 100, maxBytes: 30 };

test("what ended long ago goes", () => {
  expect(attemptsToDelete([attempt("new", 950), attempt("old", 900), attempt("older", 800)], 1_000, limits)).toEqual([
    "older",
    "old",
  ]);
});

test("when space is short the oldest go first, no more than needed", () => {
  const attempts = [attempt("a", 990), attempt("b", 980), attempt("c", 970), attempt("d", 960), attempt("e", 950)];
  expect(attemptsToDelete(attempts, 1_000, limits)).toEqual(["e", "d"]);
});

test("what is not acknowledged stays, although it takes space", () => {
  expect(attemptsToDelete([attempt("a", 0, 100, false), attempt("b", 990)], 1_000, limits)).toEqual(["b"]);
});
