import { expect, test } from "vitest";
import { ReadableResults } from "./readable-results.ts";
import { attempt, committed, puts, stateOf, task, violationsOf } from "./testing/told-history.ts";

const ended = task({ state: "succeeded", endedAtMs: 5, attempts: [attempt({ state: "succeeded" })] });
const told = {
  kind: "acknowledgementSent",
  coordinatorId: "c1",
  epoch: 1,
  nodeId: "n1",
  taskId: "t1",
  attempt: 1,
} as const;
const before = [
  [0, committed(1, puts(ended))],
  [1, told],
] as const;
const read = { kind: "read", coordinatorId: "c2", taskId: "t1", leading: true, revision: "log.1" } as const;

test("a result that stays readable is accepted", () => {
  const history = [
    ...before,
    [2, { ...read, task: ended }],
    [9, { kind: "ended", leaderId: "c1", state: stateOf(ended) }],
  ] as const;
  expect(violationsOf(ReadableResults, history)).toEqual([]);
});

test("a result that is not shown, or gone at the end, is refused", () => {
  const lost = { kind: "ended", leaderId: "c1", state: stateOf(task({ state: "running" })) } as const;
  const history = [...before, [2, { ...read, task: null }], [9, lost]] as const;
  expect(violationsOf(ReadableResults, history)).toEqual([
    expect.stringContaining("c2 does not know the task at 0.002 s"),
    expect.stringContaining("but is running at the end; s1 has its end"),
  ]);
});

test("who leads on a server that was replaced shows what is known there, who leads on the present one must know all", () => {
  const standingAt = (epoch: number, sequence: number) =>
    ({
      kind: "replica",
      coordinatorId: "c2",
      lineage: "log",
      position: { epoch, sequence },
      state: stateOf(),
      by: "leading",
    }) as const;
  const other = committed(1, puts(task()), { serverId: "s2", coordinatorId: "c2", epoch: 2 });
  const reading = (epoch: number) =>
    violationsOf(ReadableResults, [
      ...before,
      [2, other],
      [3, { kind: "primaryChanged", serverId: "s1" }],
      [4, standingAt(epoch, 1)],
      [5, { ...read, task: task() }],
    ]);
  expect(reading(2), "on s2").toEqual([]);
  expect(reading(1), "on s1").toEqual([expect.stringContaining("c2 shows it as pending")]);
});

test("a tail that storage has, and a coordinator does not give, is refused", () => {
  const tail = { kind: "tail", id: "t1.1", value: "AAEC" } as const;
  const asked = { kind: "readText", coordinatorId: "c1", text: "tail", taskId: "t1", attempt: 1, value: null } as const;
  expect(
    violationsOf(ReadableResults, [
      [0, committed(1, [tail])],
      [1, asked],
    ]),
  ).toHaveLength(1);
});
