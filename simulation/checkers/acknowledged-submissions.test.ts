import { expect, test } from "vitest";
import { AcknowledgedSubmissions } from "./acknowledged-submissions.ts";
import { committed, puts, stateOf, task, violationsOf } from "./testing/told-history.ts";

const answered = { kind: "answered", callId: 1, answer: { taskId: "t1" } } as const;
const before = [
  [0, committed(1, puts(task()))],
  [1, answered],
] as const;
const position = { epoch: 1, sequence: 1 };
const lost = { kind: "storeLost", serverId: "s1", lineage: "log", position: null } as const;
/** What the log goes on with, without the task. */
const after = [5, committed(1, puts(task({ id: "t2" })), { epoch: 2 })] as const;
const journaled = { kind: "journaled", coordinatorId: "c2", lineage: "log", position, synced: false } as const;
const ended = { kind: "ended", leaderId: "c1", state: stateOf() } as const;

test("a task may be gone when storage and the journals have lost it", () => {
  const crash = { kind: "diskLost", machineId: "c2", what: "unsynced" } as const;
  expect(
    violationsOf(AcknowledgedSubmissions, [...before, [1, journaled], [2, lost], [3, crash], after, [9, ended]]),
  ).toEqual([]);
});

test("a task that is gone though storage or a journal has it is refused", () => {
  expect(violationsOf(AcknowledgedSubmissions, [...before, [9, ended]])).toEqual([
    "task t1 was acknowledged at 0.001 s and does not exist at the end, though s1 still has log/1.1",
  ]);
  expect(violationsOf(AcknowledgedSubmissions, [...before, [1, journaled], [2, lost], after, [9, ended]])).toEqual([
    "task t1 was acknowledged at 0.001 s and does not exist at the end, though c2's journal still has log/1.1",
  ]);
});
