/**
 * A process group is empty before its attempt is reported as ended: no agent says so, and no record says so, while a process
 * of the attempt still runs on the node. A lost attempt is one that nobody says anything of; its processes may well run.
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
      for (const attempt of after?.attempts ?? []) {
        if (!isEndedAttempt(attempt.state) || attempt.state === "lost") continue;
        const earlier = before?.attempts.find(({ number }) => number === attempt.number);
        if (earlier?.state === attempt.state) continue;
        const what = `was committed as ${attempt.state} by ${entry.coordinatorId}`;
        this.#check(atMs, attempt.nodeId, `${id}.${attempt.number}`, what);
      }
    }
  }

  #check(atMs: number, nodeId: string, key: string, what: string): void {
    const sinceMs = this.#running.get(`${nodeId} ${key}`);
    if (sinceMs === undefined) return;
    this.violated(atMs, `attempt ${key} ${what} ${at(atMs)}, but runs on ${nodeId} since ${at(sinceMs).slice(3)}`);
  }
}
