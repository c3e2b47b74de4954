import { expect, test } from "vitest";
import { BoundedSizes } from "./bounded-sizes.ts";
import { violationsOf } from "./testing/told-history.ts";

const measured = { kind: "measured", owner: "c1", what: "events that wait", bound: 10 } as const;

test("up to the bound is accepted, more is refused", () => {
  expect(violationsOf(BoundedSizes, [[0, { ...measured, size: 10 }]])).toEqual([]);
  expect(violationsOf(BoundedSizes, [[0, { ...measured, size: 11 }]])).toEqual([
    "events that wait of c1: 11 at 0.000 s, where 10 is the most",
  ]);
});
