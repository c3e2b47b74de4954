/**
 * A process group is empty before its attempt is reported as ended: no agent says so, and no record says so, while a process
 * of the attempt still runs on the node; nor is a task cancelled or timed out before. A lost attempt is one that nobody says
 * anything of, and a superseded one no longer speaks for its task: their processes may well run.
 */
import { isEndedAttempt } from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker, keyOf } from "./checker.ts";
import type { CommittedChange } from "./committed-log.ts";

export class EmptyBeforeStopped extends Checker {
  readonly name = "process group empty before an attempt is reported stopped";
  /** Since when something of the attempt runs on the node, by both. */
  readonly #running = new Map<string, number>();

  override observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "processStarted":
        this.#running.set(`${event.nodeId} ${keyOf(event)}`, event.atMs);
        return;
      case "groupEmpty":
        this.#running.delete(`${event.nodeId} ${keyOf(event)}`);
        return;
      case "reportSent":
        if (isEndedAttempt(event.state)) {
          this.#check(event.atMs, event.nodeId, keyOf(event), `was reported as ${event.state} by its node`);
        }
        return;
      default:
        return;
    }
  }

  override committed({ atMs, entry, tasks }: CommittedChange): void {
    for (const { id, before, after } of tasks) {
      if (after === null) continue;
      const by = `by ${entry.coordinatorId}`;
      const isStopped = (after.state === "cancelled" || after.state === "timedOut") && after.state !== before?.state;
      // Where the attempt that the task ended with is known to have ended, others are only in its way.
      const hasEnded = after.attempts.some(({ state }) => state === after.state);
      for (const attempt of after.attempts) {
        const { state, number, nodeId } = attempt;
        const earlier = before?.attempts.find((one) => one.number === number);
        if (state === "lost") continue;
        if (isEndedAttempt(state) && earlier?.state !== state) {
          this.#check(atMs, nodeId, `${id}.${number}`, `was committed as ${state} ${by}`);
        } else if (isStopped && !hasEnded && earlier?.stop !== "superseded") {
          this.#check(atMs, nodeId, `${id}.${number}`, `is of a task that was committed as ${after.state} ${by}`);
        }
      }
    }
  }

  #check(atMs: number, nodeId: string, key: string, what: string): void {
    const sinceMs = this.#running.get(`${nodeId} ${key}`);
    if (sinceMs === undefined) return;
    this.violated(atMs, `attempt ${key} ${what} ${at(atMs)}, but runs on ${nodeId} since ${at(sinceMs).slice(3)}`);
  }
}
