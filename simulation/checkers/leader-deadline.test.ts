import { expect, test } from "vitest";
import { LeaderDeadline } from "./leader-deadline.ts";
import { violationsOf } from "./testing/told-history.ts";

const speaker = { coordinatorId: "c1", epoch: 1 } as const;
const counted = { kind: "leaseCounted", ...speaker, sentAtMs: 0, deadlineMs: 2_000 } as const;
const grant = { kind: "grantSent", ...speaker, nodeId: "n1", answersBeat: 1, leaseMs: 20_000, attempts: [] } as const;

test("a grant before the deadline is accepted, one after it refused", () => {
  expect(
    violationsOf(LeaderDeadline, [
      [100, counted],
      [1_999, grant],
    ]),
  ).toEqual([]);
  expect(
    violationsOf(LeaderDeadline, [
      [100, counted],
      [2_010, grant],
    ]),
  ).toEqual(["c1 granted a lease to 0 attempts on n1 at 2.010 s on a lease of epoch 1, which ended at 2.000 s"]);
});
