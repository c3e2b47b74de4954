/**
 * The coordinator's durable state in memory, and the only place where it changes: `apply`. Leader and standbys run the
 * same one, on the same records in the same order, so their states are equal at equal revisions.
 *
 * Everything that is not a record here is derived from records by `apply`, so that undoing a batch is applying what the
 * records were before.
 */
import { LiveExclusiveAttempts } from "../exclusive/live-attempts.ts";
import type {
  BatchRecord,
  ClusterEventRecord,
  ClusterRecord,
  DurableRecord,
  NodeRecord,
  TaskRecord,
  TaskState,
} from "../record.ts";
import { isEnded, isEndedAttempt, textOfLine } from "../record.ts";
import { EndedTasks } from "./ended-tasks.ts";
import { Heap } from "./heap.ts";
import { NodeSlots } from "./node-slots.ts";
import { SortedIds } from "./sorted-ids.ts";
import { rankOf, WaitingQueue } from "./waiting-queue.ts";

export type StateCounts = Map<TaskState, number>;

export class State {
  readonly agingMs: number;
  /** Tasks that have not ended, or that have ended while one of their attempts is still being stopped. */
  readonly tasks = new Map<string, TaskRecord>();
  /** TaskSpecs as JSON text, of the tasks above only. */
  readonly bodies = new Map<string, string>();
  readonly ended = new EndedTasks();
  readonly nodes = new Map<string, NodeRecord>();
  readonly batches = new Map<string, BatchRecord>();
  /** Ids of the records that make up a batch. */
  readonly batchParts = new Map<string, Set<string>>();
  /** By sequence, oldest first. */
  readonly events = new Map<string, ClusterEventRecord>();
  cluster: ClusterRecord = emptyCluster;

  readonly taskIds: SortedIds;
  /** What a request id has made: a task's or a batch's id, by `requestKey`. */
  readonly requests = new Map<string, string>();
  readonly slots = new NodeSlots();
  readonly exclusive = new LiveExclusiveAttempts();
  readonly queue = new WaitingQueue();
  /** Pending tasks that may not be placed yet, by when they may. */
  readonly delayed = new Heap<string>();
  /** Tasks that end when they have not been started in time, by that time. */
  readonly queueDeadlines = new Heap<string>();
  /** Since the last sweep of the three above. */
  waitsEntered = 0;
  readonly counts: StateCounts = new Map();
  readonly batchCounts = new Map<string, StateCounts>();
  /** Nodes with something to be done at a time: away or draining. */
  readonly watchedNodes = new Set<string>();
  readonly lostNodes = new Set<string>();

  constructor(agingMs: number) {
    this.agingMs = agingMs;
    this.taskIds = new SortedIds((id) => this.tasks.has(id) || this.ended.has(id));
  }

  /** A task that is kept, ended or not. */
  findTask(id: string): TaskRecord | undefined {
    return this.tasks.get(id) ?? this.ended.get(id);
  }
}

const emptyCluster: ClusterRecord = Object.freeze({
  version: 1,
  placementPaused: false,
  placementPausedReason: "",
  epoch: 0,
  leaderId: "",
  leaderSinceMs: 0,
  eventSequence: 0,
});

export function requestKey(namespace: string, requestId: string): string {
  return `${namespace} ${requestId}`;
}

/** Ended, and no process of it is left: it leaves the hot set. */
function isSettled(task: TaskRecord): boolean {
  return isEnded(task.state) && task.attempts.every((attempt) => isEndedAttempt(attempt.state));
}

/** Makes a record true. */
export function apply(state: State, record: DurableRecord): void {
  switch (record.kind) {
    case "task":
      return applyTask(state, record.id, record.value);
    case "body":
      if (record.value === null) state.bodies.delete(record.id);
      else if (!state.ended.has(record.id)) state.bodies.set(record.id, record.value);
      return;
    case "tail":
      // Output is read from storage when somebody asks.
      return;
    case "node":
      return applyNode(state, record.id, record.value);
    case "batch":
      return applyBatch(state, record.id, record.value);
    case "event":
      if (record.value === null) state.events.delete(record.id);
      else state.events.set(record.id, record.value);
      return;
    case "cluster":
      state.cluster = record.value ?? emptyCluster;
      return;
    default:
      return assertNever(record);
  }
}

/** The line of a record was committed: where only its text is kept, it is this one. */
export function keepText(state: State, { kind, id }: DurableRecord, line: string): void {
  if (kind === "task") state.ended.keepText(id, textOfLine(line));
}

/** Adds the records that undo `apply(state, record)` to `inverses`, to be called before it. They are applied in reverse. */
export function pushInverse(inverses: DurableRecord[], state: State, record: DurableRecord): void {
  const { kind, id } = record;
  switch (kind) {
    case "task": {
      // A task that settles takes its body along out of memory. Undone in reverse: the task first, which makes room for it.
      const body = state.bodies.get(id);
      if (body !== undefined) inverses.push({ kind: "body", id, value: body });
      inverses.push({ kind, id, value: state.findTask(id) ?? null });
      return;
    }
    case "body":
      inverses.push({ kind, id, value: state.bodies.get(id) ?? null });
      return;
    case "tail":
      return;
    case "node":
      inverses.push({ kind, id, value: state.nodes.get(id) ?? null });
      return;
    case "batch":
      inverses.push({ kind, id, value: state.batches.get(id) ?? null });
      return;
    case "event":
      inverses.push({ kind, id, value: state.events.get(id) ?? null });
      return;
    case "cluster":
      inverses.push({ kind, id, value: state.cluster });
      return;
    default:
      return assertNever(kind);
  }
}

/** After a load: puts in order what came in none. */
export function finishLoading(state: State): void {
  state.ended.sortByEnd();
  const events = [...state.events.values()].sort((a, b) => a.sequence - b.sequence);
  state.events.clear();
  for (const event of events) state.events.set(String(event.sequence), event);
}

function applyTask(state: State, id: string, next: TaskRecord | null): void {
  const live = state.tasks.get(id);
  const previous = live ?? state.ended.get(id);
  if (next === null) {
    if (previous !== undefined) forgetTask(state, id, previous);
    return;
  }
  recount(state, previous, next);
  const settled = isSettled(next);
  if (!sameLiveAttempts(live, next)) {
    if (live !== undefined) releaseAll(state, live);
    if (!settled) promiseAll(state, next);
  }
  if (settled) {
    state.tasks.delete(id);
    state.bodies.delete(id);
    state.ended.set(next);
  } else {
    if (live === undefined && previous !== undefined) state.ended.delete(id);
    state.tasks.set(id, next);
    enqueue(state, next, previous);
  }
  if (previous === undefined) {
    state.taskIds.add(id);
    if (next.requestId !== "") state.requests.set(requestKey(next.namespace, next.requestId), id);
  }
}

/** Most changes of a task leave what is promised to it as it was. */
function sameLiveAttempts(before: TaskRecord | undefined, after: TaskRecord): boolean {
  if (before === undefined || before.attempts.length !== after.attempts.length) return false;
  return before.attempts.every((attempt, index) => {
    const other = after.attempts[index];
    if (other?.number !== attempt.number || other.nodeId !== attempt.nodeId) return false;
    return isEndedAttempt(other.state) === isEndedAttempt(attempt.state);
  });
}

function releaseAll(state: State, task: TaskRecord): void {
  for (const attempt of task.attempts) {
    if (isEndedAttempt(attempt.state)) continue;
    state.slots.release(task.id, attempt, task.resources);
    if (task.exclusive) state.exclusive.delete(attempt.nodeId, { taskId: task.id, number: attempt.number });
  }
}

function promiseAll(state: State, task: TaskRecord): void {
  for (const attempt of task.attempts) {
    if (isEndedAttempt(attempt.state)) continue;
    state.slots.promise(task.id, attempt, task.resources);
    if (task.exclusive) state.exclusive.add(attempt.nodeId, { taskId: task.id, number: attempt.number });
  }
}

function forgetTask(state: State, id: string, previous: TaskRecord): void {
  count(state, previous, -1);
  releaseAll(state, previous);
  state.tasks.delete(id);
  state.bodies.delete(id);
  state.ended.delete(id);
  state.taskIds.deleted();
  if (previous.requestId !== "") state.requests.delete(requestKey(previous.namespace, previous.requestId));
}

function enqueue(state: State, task: TaskRecord, previous: TaskRecord | undefined): void {
  if (task.state !== "pending") return;
  state.waitsEntered += 1;
  if (state.waitsEntered > staleWaitsAtMost(state)) sweepStaleWaits(state);
  const waitsForFirstStart = task.queueDeadlineMs > 0 && task.startedAtMs === 0 && previous?.state !== "pending";
  if (waitsForFirstStart) state.queueDeadlines.push(task.queueDeadlineMs, task.id);
  if (task.held) return;
  const waitedAlready = previous?.state === "pending" && !previous.held && previous.eligibleAtMs === task.eligibleAtMs;
  if (waitedAlready) return;
  if (task.eligibleAtMs > 0) state.delayed.push(task.eligibleAtMs, task.id);
  else state.queue.add(task, state.agingMs);
}

/**
 * Only a leader takes entries out of the queues, those that a task has outlived with them; on a standby they would gather for
 * ever. A sweep looks at each once, and there are at most as many as were entered since the last, so it costs each its share.
 */
function sweepStaleWaits(state: State): void {
  state.waitsEntered = 0;
  const seen = new Set<string>();
  const firstTime = (id: string) => !seen.has(id) && seen.add(id).size > 0;
  const pending = (id: string) => {
    const task = state.tasks.get(id);
    return task?.state === "pending" ? task : undefined;
  };
  state.queue.retain((rank, id) => {
    const task = pending(id);
    return task !== undefined && !task.held && rankOf(task, state.agingMs) === rank && firstTime(id);
  });
  seen.clear();
  state.delayed.retain((atMs, id) => pending(id)?.eligibleAtMs === atMs && firstTime(id));
  seen.clear();
  state.queueDeadlines.retain((atMs, id) => pending(id)?.queueDeadlineMs === atMs && firstTime(id));
}

function staleWaitsAtMost(state: State): number {
  return Math.max(1_000, 2 * (state.counts.get("pending") ?? 0));
}

function recount(state: State, previous: TaskRecord | undefined, next: TaskRecord): void {
  if (previous?.state === next.state) return;
  if (previous !== undefined) count(state, previous, -1);
  count(state, next, 1);
}

function count(state: State, task: TaskRecord, by: number): void {
  state.counts.set(task.state, (state.counts.get(task.state) ?? 0) + by);
  if (task.batchId === "") return;
  const counts: StateCounts = state.batchCounts.get(task.batchId) ?? new Map();
  state.batchCounts.set(task.batchId, counts);
  const left = (counts.get(task.state) ?? 0) + by;
  if (left === 0) counts.delete(task.state);
  else counts.set(task.state, left);
  if (counts.size === 0) state.batchCounts.delete(task.batchId);
}

function applyNode(state: State, id: string, next: NodeRecord | null): void {
  if (next === null) state.nodes.delete(id);
  else state.nodes.set(id, next);
  state.slots.setRecord(id, next);
  if (next !== null && next.lostAtMs > 0) state.lostNodes.add(id);
  else state.lostNodes.delete(id);
  const hasDeadline = next !== null && (next.awayUntilMs > 0 || (next.drainDeadlineMs !== null && !next.drainFinished));
  if (hasDeadline) state.watchedNodes.add(id);
  else state.watchedNodes.delete(id);
}

function applyBatch(state: State, id: string, next: BatchRecord | null): void {
  const known = next ?? state.batches.get(id);
  if (known === undefined) return;
  const key = requestKey(known.namespace, known.requestId);
  const parts = state.batchParts.get(known.batchId) ?? new Set();
  if (next === null) {
    state.batches.delete(id);
    parts.delete(id);
    if (known.requestId !== "") state.requests.delete(key);
  } else {
    state.batches.set(id, next);
    parts.add(id);
    if (known.requestId !== "") state.requests.set(key, id);
  }
  if (parts.size === 0) state.batchParts.delete(known.batchId);
  else state.batchParts.set(known.batchId, parts);
}

function assertNever(record: never): never {
  throw new Error(`unknown record ${JSON.stringify(record)}`);
}
