import type { WriteRequest } from "@holdfast/coordinator/core/event.ts";
import { expect, test } from "vitest";
import { OneTaskPerRequest } from "./one-task-per-request.ts";
import { committed, puts, task, violationsOf } from "./testing/told-history.ts";

const called = (callId: number, id: string) => {
  const request = { kind: "submit", namespace: "default", requestId: "r1", task: { id } } as WriteRequest<"submit">;
  return { kind: "called", clientId: "k", coordinatorId: "c1", callId, request } as const;
};

test("a repeat that is told the same task is accepted", () => {
  const history = [
    [0, called(1, "t1")],
    [1, committed(1, puts(task({ requestId: "r1" })))],
    [2, { kind: "answered", callId: 1, answer: { taskId: "t1" } }],
    [3, called(2, "t2")],
    [4, { kind: "answered", callId: 2, answer: { taskId: "t1" } }],
  ] as const;
  expect(violationsOf(OneTaskPerRequest, history)).toEqual([]);
});

test("two tasks for one request are refused", () => {
  const history = [
    [0, called(1, "t1")],
    [1, committed(1, puts(task({ requestId: "r1" })))],
    [2, { kind: "answered", callId: 1, answer: { taskId: "t1" } }],
    [3, called(2, "t2")],
    [4, committed(2, puts(task({ id: "t2", requestId: "r1" })))],
    [5, { kind: "answered", callId: 2, answer: { taskId: "t2" } }],
  ] as const;
  expect(violationsOf(OneTaskPerRequest, history)).toEqual([
    'request "default r1" made task t2 at 0.004 s, and t1 at 0.001 s',
    expect.stringContaining("made task t2 at 0.004 s in log/1.2, beside task t1"),
    expect.stringContaining("was answered with t2 at 0.005 s, before with t1"),
  ]);
});
