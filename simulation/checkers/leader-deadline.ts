/**
 * No grant after the leader's deadline: a lease to an exclusive task, a start that carries one, a new batch, or a claim to lead
 * is made only while the leader may count on its own lease: from the sending of the last renewal that was answered, for
 * stepDownMs of its own clock. A batch that was sent before may be sent again.
 */
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";

/** What is measured as true time is rounded on the way. */
const toleranceMs = 1;

interface Act {
  readonly atMs: number;
  readonly coordinatorId: string;
  readonly epoch: number;
}

export class LeaderDeadline extends Checker {
  readonly name = "no grant after the leader's deadline";
  readonly #deadlines = new Map<number, number>();
  /** By coordinator: the batch that it has sent last. */
  readonly #lastBatch = new Map<string, string>();

  override observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "leaseCounted": {
        const known = this.#deadlines.get(event.epoch) ?? Number.NEGATIVE_INFINITY;
        this.#deadlines.set(event.epoch, Math.max(known, event.deadlineMs));
        return;
      }
      case "grantSent":
        return this.#check(event, `granted a lease to ${event.attempts.length} attempts on ${event.nodeId}`);
      case "startSent":
        if (event.leaseMs > 0) this.#check(event, `ordered the exclusive start of ${event.taskId}.${event.attempt}`);
        return;
      case "claimed":
        return this.#check(event, "held itself for the leader");
      case "commitSent": {
        const { atMs, coordinatorId, batch } = event;
        if (this.#lastBatch.get(coordinatorId) === batch.id) return;
        this.#lastBatch.set(coordinatorId, batch.id);
        return this.#check({ atMs, coordinatorId, epoch: batch.epoch }, `made batch ${batch.epoch}.${batch.sequence}`);
      }
      default:
        return;
    }
  }

  #check({ atMs, coordinatorId, epoch }: Act, what: string): void {
    const deadlineMs = this.#deadlines.get(epoch);
    if (deadlineMs !== undefined && atMs <= deadlineMs + toleranceMs) return;
    const had = deadlineMs === undefined ? "it never had" : `which ended ${at(deadlineMs)}`;
    this.violated(atMs, `${coordinatorId} ${what} ${at(atMs)} on a lease of epoch ${epoch}, ${had}`);
  }
}
