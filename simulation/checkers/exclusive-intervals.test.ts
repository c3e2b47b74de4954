import { expect, test } from "vitest";
import { ExclusiveIntervals } from "./exclusive-intervals.ts";
import { violationsOf } from "./testing/told-history.ts";

const first = {
  kind: "processStarted",
  taskId: "t1",
  attempt: 1,
  nodeId: "n1",
  exclusive: true,
  fence: "1.1",
} as const;
const second = { ...first, attempt: 2, nodeId: "n2", fence: "2.2" } as const;
const empty = { kind: "groupEmpty", taskId: "t1", attempt: 1, nodeId: "n1", exitCode: 0, how: "exited" } as const;

test("one after the other is accepted, and at once where a clock had run wild", () => {
  expect(
    violationsOf(ExclusiveIntervals, [
      [0, first],
      [10, empty],
      [10, second],
    ]),
  ).toEqual([]);
  expect(
    violationsOf(ExclusiveIntervals, [
      [0, first],
      [5, { kind: "assumptionsBroken", machineId: "n1", reason: "its clock is 5 % slow" }],
      [8, { kind: "assumptionsHold", machineId: "n1" }],
      [10, second],
    ]),
  ).toEqual([]);
});

test("two at once are refused", () => {
  const history = [
    [0, first],
    [10, second],
  ] as const;
  expect(violationsOf(ExclusiveIntervals, history)).toEqual([
    "exclusive task t1: t1.2 was started on n2 at 0.010 s, but attempt 1 runs on n1 since 0.000 s",
  ]);
});
