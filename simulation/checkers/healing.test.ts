import { expect, test } from "vitest";
import { Healing } from "./healing.ts";
import { attempt, committed, puts, stateOf, task, violationsOf } from "./testing/told-history.ts";

const running = task({ state: "running", attempts: [attempt()] });
const started = {
  kind: "processStarted",
  taskId: "t1",
  attempt: 1,
  nodeId: "n1",
  exclusive: false,
  fence: "1.1",
} as const;
const ended = { kind: "ended", leaderId: "c1", state: stateOf(running) } as const;
const claimed = { kind: "claimed", coordinatorId: "c1", epoch: 1 } as const;

test("a leader in time, and a task that runs, are accepted", () => {
  const history = [
    [0, started],
    [1_000, { kind: "healed" }],
    [2_000, claimed],
    [100_000, ended],
  ] as const;
  expect(violationsOf(Healing, history)).toEqual([]);
});

test("a leader that comes late, and a task that stands still, are refused", () => {
  const history = [
    [0, { kind: "healed" }],
    [7_000, committed(1, puts(running))],
    [100_000, ended],
  ] as const;
  expect(violationsOf(Healing, history)).toEqual([
    "nobody led for 7000 ms after healing at 0.000 s",
    expect.stringContaining("task t1 is running"),
  ]);
});
