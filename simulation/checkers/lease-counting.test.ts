import { expect, test } from "vitest";
import type { HappeningOf } from "../history.ts";
import { LeaseCounting } from "./lease-counting.ts";
import { violationsOf } from "./testing/told-history.ts";

function decided(event: object, effect: object): HappeningOf<"agentDecided"> {
  const decision = { event, records: [], effects: [effect] };
  return { kind: "agentDecided", nodeId: "n1", instanceId: "a", ...decision } as unknown as HappeningOf<"agentDecided">;
}

const beat = (sequence: number) =>
  decided({ kind: "beatDue" }, { kind: "send", to: "all", message: { kind: "beat", sequence } });

const granted = (answersBeat: number, untilMs: number) =>
  decided(
    { kind: "leaseGrant", answersBeat, leaseMs: 20_000 },
    { kind: "extendLease", id: { taskId: "t1", attempt: 1 }, untilMs },
  );

/** The agent's clock is 5 s ahead. */
const before = [
  [1_000, beat(1)],
  [1_300, granted(1, 26_000)],
  [2_000, beat(2)],
] as const;

test("a lease from the beat's sending is accepted, however late its grant is", () => {
  expect(violationsOf(LeaseCounting, [...before, [9_000, granted(2, 27_000)]])).toEqual([]);
});

test("a lease from the grant's arrival is refused", () => {
  expect(violationsOf(LeaseCounting, [...before, [9_000, granted(2, 34_000)]])).toEqual([
    "n1 counts a lease from 7000 ms after it sent beat 2 at 2.000 s, which the lease answers",
  ]);
});
