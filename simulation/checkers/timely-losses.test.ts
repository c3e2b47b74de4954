import { expect, test } from "vitest";
import { type CommitChoice, committed, node, puts, violationsOf } from "./testing/told-history.ts";
import { TimelyLosses } from "./timely-losses.ts";

const heard = { kind: "heard", nodeId: "n1", instanceId: "a", what: "beat", sequence: 1, through: null } as const;
const second: CommitChoice = { epoch: 2, previousEpoch: 1, coordinatorId: "c2" };

/** c1 leads, n1 falls silent at 10 s, c2 leads from 12.9 s and takes n1 for lost then. */
function lossAt(atMs: number) {
  return violationsOf(TimelyLosses, [
    [0, { kind: "coordinatorStarted", coordinatorId: "c2" }],
    [1, committed(1, puts(node()))],
    [10_000, { ...heard, coordinatorId: "c2" }],
    [12_900, committed(2, puts(node({ cordoned: true })), second)],
    [atMs, committed(3, puts(node({ lostAtMs: 1 })), { epoch: 2, coordinatorId: "c2" })],
  ]);
}

test("a loss when the silence has lasted long enough is accepted", () => {
  expect(lossAt(13_100)).toEqual([]);
});

test("a loss that waited as if the silence had begun with the election is refused", () => {
  expect(lossAt(15_900)).toEqual([expect.stringContaining("node n1 was taken for lost 2900 ms late")]);
});
