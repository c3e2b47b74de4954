import { expect, test } from "vitest";
import { type FaultKind, faultKinds, planFaults } from "./plan.ts";

const twentyMinutesMs = 20 * 60_000;

test("the same seed gives the same plan, and another seed another", () => {
  expect(planFaults(7, twentyMinutesMs)).toEqual(planFaults(7, twentyMinutesMs));
  expect(planFaults(8, twentyMinutesMs)).not.toEqual(planFaults(7, twentyMinutesMs));
});

test("a shorter run is the beginning of a longer one", () => {
  const whole = planFaults(7, twentyMinutesMs);
  expect(planFaults(7, 60_000)).toEqual(whole.filter(({ atMs }) => atMs < 60_000));
});

test("every kind of fault is drawn by some seed", () => {
  const drawn = new Set(
    Array.from({ length: 10 }, (_, seed) => planFaults(seed, twentyMinutesMs))
      .flat()
      .map(kindOf),
  );
  expect([...drawn].sort()).toEqual([...faultKinds].sort());
});

test.each([1, 2, 3, 4, 5])("twenty minutes of seed %i have enough for leaders and for Redis to change", (seed) => {
  const kinds = planFaults(seed, twentyMinutesMs).map(kindOf);
  const costALeader: readonly FaultKind[] = ["killLeader", "stopLeader", "killCoordinatorHost"];
  const costAPrimary: readonly FaultKind[] = ["killPrimary", "killPrimaryHost", "pausePrimary", "cutPrimary"];
  expect(kinds.filter((kind) => costALeader.includes(kind)).length).toBeGreaterThanOrEqual(12);
  expect(kinds.filter((kind) => costAPrimary.includes(kind)).length).toBeGreaterThanOrEqual(6);
});

function kindOf({ kind }: { readonly kind: FaultKind }): FaultKind {
  return kind;
}
