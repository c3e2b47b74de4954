/**
 * After healing the cluster works: somebody leads within leaderWithinMs, and at the end of the run every task has ended, or
 * its process runs where its record says.
 */
import { isEnded, isEndedAttempt, type TaskRecord } from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";
import type { CommittedChange } from "./committed-log.ts";

export class Healing extends Checker {
  readonly name = "after healing a leader, and every task ends or runs";
  #healedAtMs: number | null = null;
  #led = false;
  readonly #running = new Set<string>();
  /** By task: when its record last changed. */
  readonly #changedAtMs = new Map<string, number>();

  override committed({ atMs, tasks }: CommittedChange): void {
    for (const { id } of tasks) this.#changedAtMs.set(id, atMs);
    this.#leads(atMs);
  }

  override observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "healed":
        this.#healedAtMs = event.atMs;
        return;
      case "claimed":
        return this.#leads(event.atMs);
      case "processStarted":
        this.#running.add(`${event.nodeId} ${event.taskId}.${event.attempt}`);
        return;
      case "groupEmpty":
        this.#running.delete(`${event.nodeId} ${event.taskId}.${event.attempt}`);
        return;
      case "ended":
        return this.#atTheEnd(event);
      default:
        return;
    }
  }

  #leads(atMs: number): void {
    if (this.#led || this.#healedAtMs === null) return;
    this.#led = true;
    const tookMs = atMs - this.#healedAtMs;
    if (tookMs <= this.promises.leaderWithinMs) return;
    this.violated(atMs, `nobody led for ${Math.round(tookMs)} ms after healing ${at(this.#healedAtMs)}`);
  }

  #atTheEnd({ atMs, leaderId, state }: HistoryEvent<"ended">): void {
    if (this.#healedAtMs === null) return;
    if (leaderId === null || state === null) {
      this.violated(atMs, `nobody leads ${at(atMs)}, though everything works since ${at(this.#healedAtMs).slice(3)}`);
      return;
    }
    for (const task of state.tasks.values()) this.#checkTask(atMs, task);
  }

  #checkTask(atMs: number, task: TaskRecord): void {
    const live = task.attempts.filter(({ state }) => !isEndedAttempt(state));
    const runs = live.some(({ nodeId, number }) => this.#running.has(`${nodeId} ${task.id}.${number}`));
    if (isEnded(task.state) ? live.length === 0 : runs) return;
    const idleMs = atMs - (this.#changedAtMs.get(task.id) ?? 0);
    if (idleMs < this.promises.progressWithinMs) return;
    const where = live.map(({ number, nodeId, state }) => `attempt ${number} on ${nodeId} is ${state}`).join(", ");
    const what = `task ${task.id} is ${task.state} ("${task.reason}"; ${where || "no attempt"})`;
    this.violated(atMs, `${what} and has not changed for ${Math.round(idleMs / 1_000)} s after healing`);
  }
}
