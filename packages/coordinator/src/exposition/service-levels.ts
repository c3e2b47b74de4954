/**
 * What users feel of the cluster, measured from the records that were committed: how long nodes were silent before they were
 * taken for lost, how long their tasks were nowhere, how long tasks waited for their first start.
 *
 * Leader and standbys take every record in, so that a new leader knows what was under way; the leader alone counts, so that
 * nothing is counted twice. A record costs what its few attempts cost; remembered are only the tasks that have attempts, are held
 * or wait for their time.
 */
import type { Now } from "../core/event.ts";
import type { AttemptRecord, AttemptState, DurableRecord, NodeRecord, TaskRecord, TaskState } from "../core/record.ts";
import { isEnded, isEndedAttempt } from "../core/record.ts";
import type { State } from "../core/state/state.ts";

/** Told what was measured; all times are in seconds. */
export interface ServiceLevelSink {
  detection(seconds: number): void;
  reassignment(seconds: number): void;
  queueAge(seconds: number): void;
}

export interface Tally {
  tasksAccepted: number;
  readonly tasksEnded: Map<TaskState, number>;
  readonly attemptsEnded: Map<AttemptState, number>;
  nodesLost: number;
}

/** How long this coordinator has not heard a node, and after which silence it would be suspect. */
export type SilenceOf = (node: NodeRecord) => { readonly silentMs: number; readonly suspectAfterMs: number };

interface RememberedTask {
  /** How its attempts have ended, by number. */
  ended: ReadonlyMap<number, AttemptState>;
  started: boolean;
  /** It was held, and has waited since it was released; 0: it was not. */
  releasedAtMs: number;
  /** Not placed before, as it was last set: placing it takes that from the record. */
  eligibleAtMs: number;
  held: boolean;
  /** The first attempt that was lost since one last ran; null: there is none. */
  lost: { readonly number: number; readonly atMs: number } | null;
}

interface RememberedNode {
  readonly lost: boolean;
  readonly away: boolean;
}

export class ServiceLevels {
  readonly tally: Tally = { tasksAccepted: 0, tasksEnded: new Map(), attemptsEnded: new Map(), nodesLost: 0 };
  readonly #sink: ServiceLevelSink;
  readonly #tasks = new Map<string, RememberedTask>();
  readonly #nodes = new Map<string, RememberedNode>();

  constructor(sink: ServiceLevelSink) {
    this.#sink = sink;
  }

  /** The whole state was loaded: nothing in it is news. */
  loaded(state: State): void {
    this.#tasks.clear();
    this.#nodes.clear();
    for (const task of state.tasks.values()) if (isWorthRemembering(task)) this.#tasks.set(task.id, remembered(task));
    for (const node of state.nodes.values()) this.#rememberNode(node);
  }

  /** @param counting this coordinator has committed the records itself */
  took(records: readonly DurableRecord[], counting: boolean, now: Now, silenceOf: SilenceOf): void {
    for (const record of records) {
      if (record.kind === "task") this.#tookTask(record.id, record.value, counting, now);
      else if (record.kind === "node") this.#tookNode(record.id, record.value, counting, silenceOf);
      else if (record.kind === "body" && record.value !== null && counting) this.tally.tasksAccepted += 1;
    }
  }

  #tookTask(id: string, task: TaskRecord | null, counting: boolean, now: Now): void {
    const before = this.#tasks.get(id);
    if (task === null || (before === undefined && !isWorthRemembering(task))) {
      this.#tasks.delete(id);
      // One that was never given to a node ends in one record.
      if (counting && task !== null && isEnded(task.state) && task.attempts.length === 0) this.#ended(task);
      return;
    }
    const known = before ?? freshTask();
    if (counting) this.#measure(task, known, now);
    if (isSettled(task)) this.#tasks.delete(id);
    else this.#tasks.set(id, bringUpToDate(known, task, now));
  }

  #measure(task: TaskRecord, known: RememberedTask, now: Now): void {
    if (!known.started && task.startedAtMs > 0) {
      const sinceMs = Math.max(task.submittedAtMs, known.eligibleAtMs, known.releasedAtMs);
      this.#sink.queueAge(secondsBetween(sinceMs, now.wallMs));
    }
    const { lost } = known;
    if (lost !== null && runsAfter(task, lost.number)) {
      this.#sink.reassignment(secondsBetween(lost.atMs, now.wallMs));
    }
    for (const { number, state } of task.attempts) {
      if (!isEndedAttempt(state) || known.ended.get(number) === state) continue;
      const { attemptsEnded } = this.tally;
      attemptsEnded.set(state, (attemptsEnded.get(state) ?? 0) + 1);
    }
    if (isSettled(task)) this.#ended(task);
  }

  #ended(task: TaskRecord): void {
    this.tally.tasksEnded.set(task.state, (this.tally.tasksEnded.get(task.state) ?? 0) + 1);
  }

  #tookNode(id: string, node: NodeRecord | null, counting: boolean, silenceOf: SilenceOf): void {
    const before = this.#nodes.get(id);
    if (node === null) {
      this.#nodes.delete(id);
      return;
    }
    this.#rememberNode(node);
    if (!counting || node.lostAtMs === 0 || before === undefined || before.lost) return;
    this.tally.nodesLost += 1;
    const { silentMs, suspectAfterMs } = silenceOf(node);
    // One that said goodbye was not detected, and one that said it would be back was given its time.
    const wasDetected = !before.away && silentMs >= suspectAfterMs && Number.isFinite(silentMs);
    if (wasDetected) this.#sink.detection(silentMs / 1_000);
  }

  #rememberNode({ id, lostAtMs, awayUntilMs }: NodeRecord): void {
    this.#nodes.set(id, { lost: lostAtMs > 0, away: awayUntilMs > 0 });
  }
}

/** What has ended for good is of no more interest; it may be written once more. */
function isWorthRemembering(task: TaskRecord): boolean {
  return (task.attempts.length > 0 || task.held || task.eligibleAtMs > 0) && !isSettled(task);
}

function isSettled(task: TaskRecord): boolean {
  return isEnded(task.state) && task.attempts.every(({ state }) => isEndedAttempt(state));
}

function freshTask(): RememberedTask {
  return { ended: noEnds, started: false, releasedAtMs: 0, eligibleAtMs: 0, held: false, lost: null };
}

function remembered(task: TaskRecord): RememberedTask {
  const { held, eligibleAtMs } = task;
  return {
    ended: endsOf(task),
    started: task.startedAtMs > 0,
    releasedAtMs: 0,
    eligibleAtMs,
    held,
    lost: lostOf(task),
  };
}

function bringUpToDate(known: RememberedTask, task: TaskRecord, now: Now): RememberedTask {
  known.ended = endsOf(task);
  known.started = task.startedAtMs > 0;
  if (known.held && !task.held) known.releasedAtMs = now.wallMs;
  known.held = task.held;
  if (task.eligibleAtMs > 0) known.eligibleAtMs = task.eligibleAtMs;
  known.lost = lostOf(task);
  return known;
}

const noEnds: ReadonlyMap<number, AttemptState> = new Map();

function endsOf({ attempts }: TaskRecord): ReadonlyMap<number, AttemptState> {
  // As with most: the first attempt is under way.
  if (!attempts.some(({ state }) => isEndedAttempt(state))) return noEnds;
  const ends = new Map<number, AttemptState>();
  for (const { number, state } of attempts) if (isEndedAttempt(state)) ends.set(number, state);
  return ends;
}

/** Where the task has been nowhere since: no attempt has run after that one was lost. */
function lostOf({ state, attempts }: TaskRecord): RememberedTask["lost"] {
  if (isEnded(state) || attempts.some(isRunning)) return null;
  const lastRun = attempts.findLastIndex(({ startedAtMs }) => startedAtMs > 0);
  const lost = attempts.slice(Math.max(0, lastRun)).find((attempt) => attempt.state === "lost");
  return lost === undefined ? null : { number: lost.number, atMs: lost.endedAtMs };
}

function runsAfter(task: TaskRecord, number: number): boolean {
  // What has started and ended between two commits has run, too.
  return task.attempts.some((attempt) => attempt.number > number && (isRunning(attempt) || attempt.startedAtMs > 0));
}

function isRunning({ state }: AttemptRecord): boolean {
  return state === "running" || state === "stopping";
}

/** Clocks of different coordinators may be apart. */
function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs) / 1_000;
}
