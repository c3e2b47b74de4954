import { beforeEach, expect, test } from "vitest";
import type { Now } from "../core/event.ts";
import type { AttemptRecord, DurableRecord, NodeRecord, TaskRecord } from "../core/record.ts";
import { apply, State } from "../core/state/state.ts";
import { ServiceLevels } from "./service-levels.ts";

let measured: { detection: number[]; reassignment: number[]; queueAge: number[] };
let levels: ServiceLevels;
let silentMs: number;

beforeEach(() => {
  measured = { detection: [], reassignment: [], queueAge: [] };
  silentMs = 0;
  levels = new ServiceLevels({
    detection: (seconds) => measured.detection.push(seconds),
    reassignment: (seconds) => measured.reassignment.push(seconds),
    queueAge: (seconds) => measured.queueAge.push(seconds),
  });
});

const submittedAtMs = 1_000_000;

function at(ms: number): Now {
  return { steadyMs: ms, wallMs: submittedAtMs + ms };
}

function take(records: readonly DurableRecord[], ms: number, counting = true): void {
  levels.took(records, counting, at(ms), () => ({ silentMs, suspectAfterMs: 1_500 }));
}

function task(change: Partial<TaskRecord> = {}): DurableRecord {
  const value = {
    id: "t",
    state: "pending",
    held: false,
    submittedAtMs,
    eligibleAtMs: 0,
    startedAtMs: 0,
    attempts: [],
  };
  return { kind: "task", id: "t", value: { ...value, batchId: "", requestId: "", ...change } as unknown as TaskRecord };
}

function attempt(number: number, state: AttemptRecord["state"], times: Partial<AttemptRecord> = {}): AttemptRecord {
  const value = { number, nodeId: `n${number}`, state, startedAtMs: 0, endedAtMs: 0, devices: {}, ...times };
  return value as unknown as AttemptRecord;
}

function node(change: Partial<NodeRecord>): DurableRecord {
  const value = { id: "n1", nodeClass: "", lostAtMs: 0, awayUntilMs: 0, ...change };
  return { kind: "node", id: "n1", value: value as unknown as NodeRecord };
}

const running = attempt(1, "running", { startedAtMs: submittedAtMs });
const lost = attempt(1, "lost", { startedAtMs: submittedAtMs, endedAtMs: submittedAtMs + 5_000 });

test("a task's wait counts once, from its submission to its first start", () => {
  take([task()], 0);
  take([task({ state: "placed", attempts: [attempt(1, "placed")] })], 400);
  take([task({ state: "running", startedAtMs: submittedAtMs, attempts: [running] })], 500);
  take([task({ state: "running", startedAtMs: submittedAtMs, attempts: [running] })], 9_000);
  expect(measured.queueAge).toEqual([0.5]);
});

test("time in which a task was held, or not eligible yet, is no wait", () => {
  take([task({ held: true })], 0);
  take([task()], 10_000);
  take([task({ state: "running", startedAtMs: 1, attempts: [running] })], 10_250);
  expect(measured.queueAge).toEqual([0.25]);
});

test("placing a task takes from its record when it became eligible, and that is still known", () => {
  take([task({ eligibleAtMs: submittedAtMs + 60_000 })], 0);
  take([task({ state: "placed", attempts: [attempt(1, "placed")] })], 60_100);
  take([task({ state: "running", startedAtMs: 1, attempts: [running] })], 60_500);
  expect(measured.queueAge).toEqual([0.5]);
});

test("what was lost counts until something runs, whatever is refused or lost in between", () => {
  take([task({ state: "running", startedAtMs: 1, attempts: [running] })], 100);
  take([task({ startedAtMs: 1, attempts: [lost] })], 5_000);
  take(
    [task({ startedAtMs: 1, attempts: [lost, attempt(2, "refused", { endedAtMs: submittedAtMs + 6_000 })] })],
    6_000,
  );
  const again = attempt(3, "lost", { endedAtMs: submittedAtMs + 9_000 });
  take([task({ startedAtMs: 1, attempts: [lost, attempt(2, "refused"), again] })], 9_000);
  const next = attempt(4, "running", { startedAtMs: submittedAtMs + 10_000 });
  take([task({ state: "running", startedAtMs: 1, attempts: [lost, attempt(2, "refused"), again, next] })], 10_000);
  expect(measured.reassignment).toEqual([5]);
});

test("of attempts that overlap, each end counts as what it is", () => {
  take([task({ startedAtMs: 1, state: "starting", attempts: [lost, attempt(2, "starting")] })], 5_100);
  take([task({ startedAtMs: 1, state: "running", attempts: [running, attempt(2, "cancelled")] })], 5_200);
  const done = attempt(1, "succeeded", { startedAtMs: submittedAtMs });
  take([task({ startedAtMs: 1, state: "succeeded", attempts: [done, attempt(2, "cancelled")] })], 5_300);
  expect(levels.tally.attemptsEnded).toEqual(
    new Map([
      ["lost", 1],
      ["cancelled", 1],
      ["succeeded", 1],
    ]),
  );
});

test("a lost attempt counts until the next one runs", () => {
  take([task({ state: "running", startedAtMs: 1, attempts: [running] })], 100);
  take([task({ state: "pending", startedAtMs: 1, attempts: [lost] })], 5_000);
  take([task({ state: "placed", startedAtMs: 1, attempts: [lost, attempt(2, "placed")] })], 5_100);
  const next = attempt(2, "running", { startedAtMs: submittedAtMs + 5_200 });
  take([task({ state: "running", startedAtMs: 1, attempts: [lost, next] })], 5_300);
  take([task({ state: "running", startedAtMs: 1, attempts: [lost, next] })], 6_000);
  expect(measured.reassignment).toEqual([0.3]);
  expect(levels.tally.attemptsEnded).toEqual(new Map([["lost", 1]]));
});

test("an attempt that was lost and is found again was not reassigned", () => {
  take([task({ state: "running", startedAtMs: 1, attempts: [running] })], 100);
  take([task({ state: "pending", startedAtMs: 1, attempts: [lost] })], 5_000);
  take([task({ state: "running", startedAtMs: 1, attempts: [running] })], 5_300);
  expect(measured.reassignment).toEqual([]);
});

test("what ended between two commits has run", () => {
  take([task({ state: "pending", startedAtMs: 1, attempts: [lost] })], 5_000);
  const next = attempt(2, "succeeded", { startedAtMs: submittedAtMs + 5_200, endedAtMs: submittedAtMs + 5_300 });
  take([task({ state: "succeeded", startedAtMs: 1, attempts: [lost, next] })], 5_400);
  expect(measured.reassignment).toEqual([0.4]);
});

test("a task's end counts once, also when its record is written again", () => {
  const done = attempt(1, "succeeded", { startedAtMs: 1 });
  take([task({ state: "running", startedAtMs: 1, attempts: [running] })], 100);
  take([task({ state: "succeeded", startedAtMs: 1, attempts: [done] })], 200);
  take([task({ state: "succeeded", startedAtMs: 1, attempts: [done] })], 300);
  take([{ kind: "task", id: "t", value: null }], 400);
  expect(levels.tally.tasksEnded).toEqual(new Map([["succeeded", 1]]));
  expect(levels.tally.attemptsEnded).toEqual(new Map([["succeeded", 1]]));
});

test("a standby counts nothing, and knows what was under way when it leads", () => {
  take([task(), { kind: "body", id: "t", value: "{}" }], 0, false);
  take([task({ state: "running", startedAtMs: 1, attempts: [running] })], 100, false);
  take([task({ state: "pending", startedAtMs: 1, attempts: [lost] })], 5_000, false);
  expect(levels.tally).toEqual({ tasksAccepted: 0, tasksEnded: new Map(), attemptsEnded: new Map(), nodesLost: 0 });
  const next = attempt(2, "running", { startedAtMs: submittedAtMs + 5_200 });
  take([task({ state: "running", startedAtMs: 1, attempts: [lost, next] })], 7_000);
  expect(measured).toEqual({ detection: [], reassignment: [2], queueAge: [] });
  expect(levels.tally.attemptsEnded).toEqual(new Map());
});

test("what was loaded is no news", () => {
  const state = new State(60_000);
  const resources = { cpuMillis: 0, memoryBytes: 0, counts: {} };
  const loaded = { state: "running", startedAtMs: 1, attempts: [lost, attempt(2, "running")] } as const;
  apply(state, task({ ...loaded, resources, constraints: [] }));
  levels.loaded(state);
  take([task({ ...loaded, attempts: [lost, attempt(2, "succeeded", { startedAtMs: 1 })], state: "succeeded" })], 900);
  expect(measured).toEqual({ detection: [], reassignment: [], queueAge: [] });
  expect(levels.tally.attemptsEnded).toEqual(new Map([["succeeded", 1]]));
});

test("a node that fell silent counts from its last beat; one that left, or was away, does not", () => {
  take([node({})], 0);
  silentMs = 3_050;
  take([node({ lostAtMs: 1 })], 3_050);
  take([node({ lostAtMs: 1 })], 4_000);
  expect(measured.detection).toEqual([3.05]);
  take([node({})], 5_000);
  silentMs = 200;
  take([node({ lostAtMs: 1 })], 5_200);
  take([node({ awayUntilMs: 1 })], 6_000);
  silentMs = 60_000;
  take([node({ lostAtMs: 1 })], 66_000);
  expect(measured.detection).toEqual([3.05]);
  expect(levels.tally.nodesLost).toBe(3);
});
