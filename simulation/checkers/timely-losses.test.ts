import { expect, test } from "vitest";
import { type CommitChoice, committed, node, puts, type Told, violationsOf } from "./testing/told-history.ts";
import { TimelyLosses } from "./timely-losses.ts";

const heard = { kind: "heard", nodeId: "n1", instanceId: "a", what: "beat", sequence: 1, through: null } as const;
const second: CommitChoice = { epoch: 2, previousEpoch: 1, coordinatorId: "c2" };

const view = { kind: "viewHeard", coordinatorId: "c2", peerId: "c3" } as const;

/** c1 leads, n1 falls silent at 10 s, c2 leads from 12.9 s and takes n1 for lost then. */
function lossAt(atMs: number, ...views: Told[]) {
  return violationsOf(TimelyLosses, [
    [0, { kind: "coordinatorStarted", coordinatorId: "c2" }],
    [1, committed(1, puts(node()))],
    [10_000, { ...heard, coordinatorId: "c2" }],
    [12_900, committed(2, puts(node({ cordoned: true })), second)],
    ...views,
    [atMs, committed(3, puts(node({ lostAtMs: 1 })), { epoch: 2, coordinatorId: "c2" })],
  ]);
}

test("a loss when the silence has lasted long enough is accepted", () => {
  expect(lossAt(13_100)).toEqual([]);
});

test("a loss that waited as if the silence had begun with the election is refused", () => {
  expect(lossAt(15_900)).toEqual([expect.stringContaining("node n1 was taken for lost 2900 ms late")]);
});

test("a peer whose word was late is believed until it tells of the silence", () => {
  const late: Told = [14_000, { ...view, silentNodeIds: [] }];
  expect(lossAt(17_000, late), "until 17 s").toEqual([]);
  expect(lossAt(19_000, late)).toHaveLength(1);
  const told: Told = [14_200, { ...view, silentNodeIds: ["n1"] }];
  expect(lossAt(15_900, late, told), "told at 14.2 s").toEqual([]);
  expect(lossAt(16_100, late, told)).toEqual([expect.stringContaining("1900 ms late")]);
});
