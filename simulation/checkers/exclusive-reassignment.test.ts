import { expect, test } from "vitest";
import { ExclusiveReassignment } from "./exclusive-reassignment.ts";
import { attempt, committed, puts, task, violationsOf } from "./testing/told-history.ts";

const id = { taskId: "t1", attempt: 1 } as const;
const start = {
  kind: "startSent",
  ...id,
  coordinatorId: "c1",
  epoch: 1,
  nodeId: "n1",
  answersBeat: 1,
  leaseMs: 20_000,
} as const;
const runs = task({ exclusive: true, state: "running", attempts: [attempt()] });
const lost = attempt({ state: "lost", reason: "its node was lost" });
const placed = attempt({ number: 2, nodeId: "n2", state: "placed" });
const moved = task({ exclusive: true, state: "placed", attempts: [lost, placed] });

test("a successor is accepted after the bound, or when the first is known to be over", () => {
  const before = [
    [0, committed(1, puts(runs))],
    [0, start],
  ] as const;
  expect(violationsOf(ExclusiveReassignment, [...before, [27_000, committed(2, puts(moved))]])).toEqual([]);
  const empty = { kind: "groupEmpty", ...id, nodeId: "n1", exitCode: null, how: "machineDown" } as const;
  expect(violationsOf(ExclusiveReassignment, [...before, [5, empty], [10, committed(2, puts(moved))]])).toEqual([]);
});

test("a successor before the bound is refused: a renewal begins it anew", () => {
  const grant = {
    kind: "grantSent",
    coordinatorId: "c1",
    epoch: 1,
    nodeId: "n1",
    answersBeat: 5,
    leaseMs: 20_000,
  } as const;
  const history = [
    [0, committed(1, puts(runs))],
    [0, start],
    [5_000, { ...grant, attempts: [id] }],
    [27_000, committed(2, puts(moved))],
  ] as const;
  expect(violationsOf(ExclusiveReassignment, history)).toEqual([
    "t1.2 was placed on n2 by c1 at 27.000 s, 22000 ms after the last lease of t1.1 on n1, without proof; W is 27000 ms",
  ]);
});
