import { expect, test } from "vitest";
import { DerivedState } from "./derived-state.ts";
import { attempt, node, stateOf, task, violationsOf } from "./testing/told-history.ts";

const running = task({ state: "running", attempts: [attempt()] });
const ended = { kind: "ended", leaderId: "c1" } as const;

test("a state whose counters are right is accepted", () => {
  expect(violationsOf(DerivedState, [[0, { ...ended, state: stateOf(node(), running, task({ id: "t2" })) }]])).toEqual(
    [],
  );
});

test("a count, a promise and a queue that are wrong are refused", () => {
  const state = stateOf(node(), running, task({ id: "t2" }));
  state.counts.set("running", 7);
  state.slots.release("t1", attempt(), running.resources);
  for (const shape of state.queue.shapes.values()) state.queue.forget(shape);
  expect(violationsOf(DerivedState, [[0, { ...ended, state }]])).toEqual([
    expect.stringContaining("task counts of the state at the end"),
    expect.stringContaining("promises of the state at the end"),
    expect.stringContaining("task t2 is pending, but waits in no queue"),
  ]);
});
