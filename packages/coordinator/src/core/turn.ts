/**
 * One turn of the core: the events of one batch are decided in it, and it is committed or undone as a whole.
 *
 * `put` makes a record true at once, so that later decisions of the same turn see it; `tell` only notes an effect. The
 * loop writes `records` and, when they are durable, lets the effects out; otherwise `undo` restores what was committed.
 */
import type { ErrorCode, FieldViolation } from "@holdfast/shared/errors.ts";
import type { CoordinatorEffect } from "./effect.ts";
import type { Now, WriteAnswer } from "./event.ts";
import type { Observation } from "./observation.ts";
import {
  type AttemptRecord,
  type ClusterEventRecord,
  type DurableRecord,
  isEndedAttempt,
  type NodeRecord,
  type RecordKind,
  type TaskRecord,
} from "./record.ts";
import type { Settings } from "./settings.ts";
import { apply, pushInverse, type State } from "./state/state.ts";

export class Turn {
  readonly state: State;
  readonly observation: Observation;
  readonly settings: Settings;
  readonly epoch: number;
  now: Now;
  readonly effects: CoordinatorEffect[] = [];
  /** More could be done at once than fits into one commit: another turn should follow without waiting for an event. */
  unfinished = false;
  /** Of bodies and tails, which can be large; the rest is counted by records. */
  textBytes = 0;
  /** The last value of each record, by kind and id. */
  readonly #records: { readonly [Kind in RecordKind]: Map<string, DurableRecord> } = {
    task: new Map(),
    body: new Map(),
    tail: new Map(),
    node: new Map(),
    batch: new Map(),
    event: new Map(),
    cluster: new Map(),
  };
  readonly #inverses: DurableRecord[] = [];

  constructor(state: State, observation: Observation, settings: Settings, epoch: number, now: Now) {
    this.state = state;
    this.observation = observation;
    this.settings = settings;
    this.epoch = epoch;
    this.now = now;
  }

  get records(): readonly DurableRecord[] {
    return Object.values(this.#records).flatMap((ofKind) => [...ofKind.values()]);
  }

  get recordCount(): number {
    let count = 0;
    for (const ofKind of Object.values(this.#records)) count += ofKind.size;
    return count;
  }

  put(record: DurableRecord): void {
    const isText = record.kind === "body" || record.kind === "tail";
    if (isText) this.textBytes += record.value?.length ?? 0;
    const ofKind = this.#records[record.kind];
    // What it was before this turn is what undoing restores, however often the turn changes it.
    if (!ofKind.has(record.id)) pushInverse(this.#inverses, this.state, record);
    apply(this.state, record);
    ofKind.set(record.id, record);
  }

  putTask(task: TaskRecord): void {
    this.put({ kind: "task", id: task.id, value: task });
  }

  putNode(node: NodeRecord): void {
    this.put({ kind: "node", id: node.id, value: node });
  }

  tell(effect: CoordinatorEffect): void {
    this.effects.push(effect);
  }

  answer(callId: number, answer: WriteAnswer): void {
    this.effects.push({ kind: "answer", callId, answer });
  }

  /** Enters something into the cluster's own history. */
  note(kind: string, subject: string, message: string): void {
    const { cluster } = this.state;
    const sequence = cluster.eventSequence + 1;
    const event: ClusterEventRecord = { sequence, atMs: this.now.wallMs, kind, subject, message, epoch: this.epoch };
    this.put({ kind: "event", id: String(sequence), value: event });
    this.put({ kind: "cluster", id: "cluster", value: { ...cluster, eventSequence: sequence } });
    const oldest = sequence - this.settings.eventsKept;
    if (oldest > 0 && this.state.events.has(String(oldest))) {
      this.put({ kind: "event", id: String(oldest), value: null });
    }
  }

  refuse(callId: number, code: ErrorCode, message: string, fields: readonly FieldViolation[] = []): void {
    this.effects.push({ kind: "refuse", callId, code, message, fields });
  }

  undo(): void {
    for (const inverse of this.#inverses.reverse()) apply(this.state, inverse);
    this.#inverses.length = 0;
    for (const ofKind of Object.values(this.#records)) ofKind.clear();
    this.effects.length = 0;
  }
}

/**
 * The attempt that speaks for the task, ended or not: its last one that was not superseded by another. One that was lost, and
 * runs after all, speaks before later ones that have ended meanwhile.
 */
export function currentAttempt(task: TaskRecord): AttemptRecord | undefined {
  const speaks = (attempt: AttemptRecord) => attempt.stop !== "superseded";
  return (
    task.attempts.findLast((attempt) => speaks(attempt) && !isEndedAttempt(attempt.state)) ??
    task.attempts.findLast(speaks)
  );
}

/** The task with one of its attempts changed. */
export function withAttempt(task: TaskRecord, number: number, change: Partial<AttemptRecord>): TaskRecord {
  return {
    ...task,
    attempts: task.attempts.map((attempt) => (attempt.number === number ? { ...attempt, ...change } : attempt)),
  };
}
