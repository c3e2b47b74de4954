import { expect, test } from "vitest";
import { EpochOrder } from "./epoch-order.ts";
import { committed, puts, task, violationsOf } from "./testing/told-history.ts";

const acquired = { kind: "acquired", serverId: "s1", coordinatorId: "c2", epoch: 2, lineage: "log" } as const;
const position = { epoch: 1, sequence: 1 };

test("epochs that rise are accepted, and an old primary that goes on by itself", () => {
  const history = [
    [0, committed(1, puts(task()))],
    [1, { kind: "replicated", serverId: "s2", lineage: "log", position }],
    [10, { ...acquired, serverId: "s2", position }],
    [20, committed(2, puts(task()), { serverId: "s2", epoch: 2, previousEpoch: 1, coordinatorId: "c2" })],
    [30, committed(2, puts(task()))],
  ] as const;
  expect(violationsOf(EpochOrder, history)).toEqual([]);
});

test("a write of epoch 1 on a server that has given the lease to epoch 2 is refused", () => {
  const history = [
    [0, committed(1, puts(task()))],
    [10, { ...acquired, position }],
    [20, committed(2, puts(task()))],
  ] as const;
  expect(violationsOf(EpochOrder, history)).toEqual([expect.stringMatching(/s1 wrote batch log\/1\.2.*after epoch 2/)]);
});

test("a batch that does not follow on the end of the log is refused", () => {
  const history = [
    [0, committed(1, puts(task()))],
    [20, committed(3, puts(task()))],
  ] as const;
  expect(violationsOf(EpochOrder, history)).toEqual([expect.stringContaining("behind log/1.1")]);
});
