import { expect, test } from "vitest";
import { violationsOf } from "./testing/told-history.ts";
import { UniqueEpochs } from "./unique-epochs.ts";

const position = { epoch: 0, sequence: 0 };
const acquired = { kind: "acquired", serverId: "s1", coordinatorId: "c1", epoch: 5, lineage: "log", position } as const;

test("the same acquisition, sent twice, is one", () => {
  expect(
    violationsOf(UniqueEpochs, [
      [0, acquired],
      [10, acquired],
    ]),
  ).toEqual([]);
});

test("an epoch that another coordinator had is refused", () => {
  const history = [
    [0, acquired],
    [10, { ...acquired, coordinatorId: "c2" }],
  ] as const;
  expect(violationsOf(UniqueEpochs, history)).toEqual([
    "c2 acquired epoch 5 at 0.010 s, but c1 had acquired it at 0.000 s",
  ]);
});
