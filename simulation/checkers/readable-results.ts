/**
 * Acknowledged results are readable. What rests on the end of a task (the agent was allowed to forget it, a client has read
 * it) does not go away: the leader shows the task as ended from then on, and at the end of the run it is ended, unless every
 * copy of its end is gone. The tail of its output and its body, once written, are there for who asks.
 *
 * As long as a server that was replaced still serves, somebody may lead on it, with what is known there.
 */
import { isEnded, type TaskRecord } from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker, type CheckerParts } from "./checker.ts";
import { type CommittedEntry, keyAt } from "./committed-log.ts";
import { Copies } from "./copies.ts";

interface Known {
  readonly atMs: number;
  readonly how: string;
  readonly state: TaskRecord["state"];
}

/** Longer than any world leaves two primaries. */
const oldPrimaryAnswersMs = 61_000;

export class ReadableResults extends Checker {
  readonly name = "acknowledged results are readable";
  readonly #copies: Copies;
  readonly #known = new Map<string, Known>();
  /** By coordinator: the last batch that its copy has. */
  readonly #standsAt = new Map<string, string>();
  #primaryChangedAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: CheckerParts) {
    super(parts);
    this.#copies = new Copies(parts.committed);
  }

  override observe(event: HistoryEvent): void {
    this.#copies.observe(event);
    switch (event.kind) {
      case "acknowledgementSent": {
        const ended = this.log.valuesOfTask(event.taskId).findLast((task) => task !== null && isEnded(task.state));
        if (ended)
          this.#learn(event.taskId, event.atMs, `${event.nodeId} was told that its end is durable`, ended.state);
        return;
      }
      case "read":
        return this.#read(event);
      case "readText":
        return this.#readText(event);
      case "primaryChanged":
        this.#primaryChangedAtMs = event.atMs;
        return;
      case "replica":
        this.#standsAt.set(event.coordinatorId, keyAt(event.lineage, event.position));
        return;
      case "ended":
        return this.#atTheEnd(event);
      default:
        return;
    }
  }

  #learn(taskId: string, atMs: number, how: string, state: TaskRecord["state"]): void {
    if (!this.#known.has(taskId)) this.#known.set(taskId, { atMs, how, state });
  }

  #read({ atMs, coordinatorId, taskId, task, leading }: HistoryEvent<"read">): void {
    const known = this.#known.get(taskId);
    const isKept = !this.log.wasForgotten(taskId);
    const standsAt = this.#standsAt.get(coordinatorId);
    const isOnPresentLog = standsAt === undefined || this.log.contains(this.log.headOf(this.log.primaryId), standsAt);
    if (known !== undefined && leading && isOnPresentLog && isKept && !(task !== null && isEnded(task.state))) {
      const end = this.#endOf(taskId);
      // While storage lacks it, journals may still bring it back.
      if (end !== undefined && this.#copies.inPresentLog(end)) {
        const shown = task === null ? "does not know the task" : `shows it as ${task.state}`;
        this.violated(atMs, `${this.#told(taskId, known)}, but ${coordinatorId} ${shown} ${at(atMs)}`);
      }
    }
    if (task !== null && isEnded(task.state)) this.#learn(taskId, atMs, `${coordinatorId} showed it`, task.state);
  }

  #readText({ atMs, coordinatorId, text, taskId, attempt, value }: HistoryEvent<"readText">): void {
    // The coordinator may still read from the one that was primary before.
    if (value !== null || atMs - this.#primaryChangedAtMs < oldPrimaryAnswersMs) return;
    const id = text === "body" ? taskId : `${taskId}.${attempt}`;
    const written = this.log.viewOf(this.log.primaryId)?.texts.has(`${text}\t${id}`) === true;
    if (written) this.violated(atMs, `${coordinatorId} has no ${text} of ${id} ${at(atMs)}, but it is in storage`);
  }

  #atTheEnd({ atMs, state }: HistoryEvent<"ended">): void {
    if (state === null) return;
    for (const [taskId, known] of this.#known) {
      const task = state.findTask(taskId);
      if (task !== undefined && isEnded(task.state)) continue;
      if (this.log.wasForgotten(taskId)) continue;
      const end = this.#endOf(taskId);
      const holders = end === undefined ? [] : this.#copies.holdersOf(end);
      if (holders.length === 0) continue;
      const shown = task === undefined ? "is not known" : `is ${task.state}`;
      this.violated(atMs, `${this.#told(taskId, known)}, but ${shown} at the end; ${holders.join(", ")} has its end`);
    }
  }

  /** The first batch in which the task has ended. */
  #endOf(taskId: string): CommittedEntry | undefined {
    return this.log
      .entriesOfTask(taskId)
      .find((entry) =>
        entry.records.some(({ kind, id, value }) => kind === "task" && id === taskId && value && isEnded(value.state)),
      );
  }

  #told(taskId: string, { how, atMs, state }: Known): string {
    return `task ${taskId} had ended as ${state} (${how} ${at(atMs)})`;
  }
}
