import { expect, test } from "vitest";
import { MassLosses } from "./mass-losses.ts";
import { clusterEvent, committed, node, puts, type Told, violationsOf } from "./testing/told-history.ts";

const ids = ["n1", "n2", "n3", "n4", "n5"];
const joined: Told = [0, committed(1, puts(...ids.map((id) => node({ id }))))];
const lost = (id: string, sequence: number): Told => [
  5_000 + sequence,
  committed(sequence, puts(node({ id, lostAtMs: 1 }))),
];

test("three of five may be lost by the leader's word, the fourth by a witness", () => {
  const view: Told = [4_500, { kind: "viewHeard", coordinatorId: "c1", peerId: "c2", silentNodeIds: ["n4"] }];
  const history = [joined, view, lost("n1", 2), lost("n2", 3), lost("n3", 4), lost("n4", 5)];
  expect(violationsOf(MassLosses, history)).toEqual([]);
});

test("the fourth without a witness, and any while frozen, are refused", () => {
  const history = [joined, lost("n1", 2), lost("n2", 3), lost("n3", 4), lost("n4", 5)];
  expect(violationsOf(MassLosses, history)).toEqual([expect.stringContaining("the 4th of 5 in a minute")]);
  const frozen: Told = [1, committed(2, [clusterEvent(1, "cluster.frozen", 1)])];
  expect(violationsOf(MassLosses, [joined, frozen, lost("n1", 3)])).toEqual([
    expect.stringContaining("while the cluster is frozen"),
  ]);
});
