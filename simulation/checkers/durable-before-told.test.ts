import { expect, test } from "vitest";
import { DurableBeforeTold } from "./durable-before-told.ts";
import { attempt, committed, puts, task, violationsOf } from "./testing/told-history.ts";

const speaker = { coordinatorId: "c1", epoch: 1, nodeId: "n1", taskId: "t1", attempt: 1 } as const;
const start = { kind: "startSent", ...speaker, answersBeat: 1, leaseMs: 0 } as const;
const stop = { kind: "stopSent", ...speaker, reason: "cancelled" } as const;
const receipt = { kind: "acknowledgementSent", ...speaker } as const;
const answered = { kind: "answered", callId: 1, answer: { taskId: "t1" } } as const;
const read = { kind: "read", coordinatorId: "c1", taskId: "t1", leading: true, revision: "log.1" } as const;

test("what is told after it was written is accepted, and stops of what nobody knows", () => {
  const ended = task({ state: "succeeded", attempts: [attempt({ state: "succeeded" })] });
  const history = [
    [0, stop],
    [1, committed(1, puts(task({ state: "placed", attempts: [attempt({ state: "placed" })] })))],
    [2, answered],
    [2, start],
    [3, committed(2, puts(ended))],
    [4, receipt],
    [4, { ...read, task: ended }],
  ] as const;
  expect(violationsOf(DurableBeforeTold, history)).toEqual([]);
});

test("what is told before it was written is refused", () => {
  const running = task({ state: "running", attempts: [attempt()] });
  const history = [
    [0, answered],
    [0, start],
    [1, committed(1, puts(running))],
    [2, stop],
    [2, receipt],
    [2, { ...read, task: task({ state: "succeeded" }) }],
  ] as const;
  expect(violationsOf(DurableBeforeTold, history)).toEqual([
    expect.stringContaining("task t1 was acknowledged at 0.000 s before anything of it was written"),
    expect.stringContaining("its placement there is not durable"),
    expect.stringContaining("nothing durable says that it should"),
    expect.stringContaining("its end is not durable"),
    expect.stringContaining("which it never was in anything written"),
  ]);
});
