import { expect, test } from "vitest";
import { ReplicasAgree } from "./replicas-agree.ts";
import { committed, puts, stateOf, type Told, task, violationsOf } from "./testing/told-history.ts";

const position = { epoch: 1, sequence: 16 };
const replica = { kind: "replica", coordinatorId: "c2", lineage: "log", position, by: "following" } as const;
const log: readonly Told[] = Array.from({ length: 16 }, (_, index) => [
  index,
  committed(index + 1, puts(task({ failures: index }))),
]);

test("a copy that equals the log is accepted", () => {
  expect(violationsOf(ReplicasAgree, [...log, [20, { ...replica, state: stateOf(task({ failures: 15 })) }]])).toEqual(
    [],
  );
});

test("a copy that differs, and one that stands where nothing was written, are refused", () => {
  const state = stateOf(task({ failures: 14 }));
  expect(violationsOf(ReplicasAgree, [...log, [20, { ...replica, state }]])).toEqual([
    expect.stringMatching(/c2, following at 0.020 s, differs from the log at log\/1\.16 in 1 records: task t1 is .*14/),
  ]);
  const nowhere = { ...replica, position: { epoch: 3, sequence: 17 }, state };
  expect(violationsOf(ReplicasAgree, [...log, [20, nowhere]])).toEqual([expect.stringContaining("never written")]);
});
