/**
 * No exclusive reassignment before the bound without proof. A successor of an exclusive attempt is placed only when the
 * attempt was buried, never started anywhere, or ended (process group empty, machine restarted), or an operator confirmed
 * its node dead, or W has passed since a coordinator last granted it a lease: by its start order, or by a renewal.
 *
 * W is counted by the leader's clock, so that it may be shorter by ρ in true time.
 */
import { isEndedAttempt, type TaskRecord } from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "../history.ts";
import { Assumptions } from "./assumptions.ts";
import { at, Checker, keyOf } from "./checker.ts";
import type { Changed, CommittedChange } from "./committed-log.ts";
import { entryOf } from "./entry-of.ts";

/** An operator's word stands for so long: between the call and the commit that rests on it. */
const confirmationLastsMs = 60_000;

interface Known {
  /** "" as long as no start was ordered. */
  nodeId: string;
  /** Of the last lease that was sent for it; negative infinity: none. */
  grantedAtMs: number;
  runs: boolean;
  /** Its processes are gone for good, or can never be. */
  over: boolean;
}

export class ExclusiveReassignment extends Checker {
  readonly name = "no exclusive reassignment before the bound without proof";
  readonly #assumptions = new Assumptions();
  readonly #attempts = new Map<string, Known>();
  readonly #confirmedDead = new Map<string, number>();

  override observe(event: HistoryEvent): void {
    this.#assumptions.observe(event);
    switch (event.kind) {
      case "startSent":
        if (event.leaseMs > 0) this.#known(keyOf(event)).grantedAtMs = event.atMs;
        this.#known(keyOf(event)).nodeId = event.nodeId;
        return;
      case "grantSent":
        for (const attempt of event.attempts) this.#known(keyOf(attempt)).grantedAtMs = event.atMs;
        return;
      case "processStarted":
        this.#known(keyOf(event)).runs = true;
        return;
      case "reportSent": {
        // Its agent knows that it never started, and that it never will.
        const known = this.#known(keyOf(event));
        if (isEndedAttempt(event.state) && !known.runs) known.over = true;
        return;
      }
      case "rebooted":
        // Also what was still being started there.
        for (const known of this.#attempts.values()) if (known.nodeId === event.machineId) known.over = true;
        return;
      case "groupEmpty":
      case "buried":
        this.#known(keyOf(event)).runs = false;
        this.#known(keyOf(event)).over = true;
        return;
      case "called":
        if (event.request.kind === "confirmDead") this.#confirmedDead.set(event.request.nodeId, event.atMs);
        return;
      default:
        return;
    }
  }

  override committed(change: CommittedChange): void {
    for (const task of change.tasks) this.#checkSuccessor(change, task);
  }

  #checkSuccessor({ atMs, entry }: CommittedChange, { id, before, after }: Changed<TaskRecord>): void {
    const placed = after?.attempts.at(-1);
    if (!after?.exclusive || before === undefined || placed === undefined) return;
    if (placed.number <= (before.attempts.at(-1)?.number ?? 0)) return;
    // Not placed: its agent knew it, and it is being stopped from the start.
    if (placed.stop === "superseded") return;
    for (const earlier of after.attempts.slice(0, -1)) {
      const key = `${id}.${earlier.number}`;
      const successor = `${id}.${placed.number} was placed on ${placed.nodeId} by ${entry.coordinatorId} ${at(atMs)}`;
      const still = `${key} on ${earlier.nodeId}`;
      if (!isEndedAttempt(earlier.state)) {
        this.violated(atMs, `${successor}, though ${still} is ${earlier.state}`);
        continue;
      }
      const known = this.#attempts.get(key);
      if (known === undefined || known.over || this.#isBoundOver(known, atMs)) continue;
      if (atMs - (this.#confirmedDead.get(earlier.nodeId) ?? Number.NEGATIVE_INFINITY) < confirmationLastsMs) continue;
      if (!this.#assumptions.heldOn([earlier.nodeId, entry.coordinatorId], known.grantedAtMs, atMs)) continue;
      const sinceMs = Math.round(atMs - known.grantedAtMs);
      const bound = `${this.promises.exclusiveReassignMs} ms`;
      this.violated(atMs, `${successor}, ${sinceMs} ms after the last lease of ${still}, without proof; W is ${bound}`);
    }
  }

  #isBoundOver({ grantedAtMs }: Known, atMs: number): boolean {
    const { exclusiveReassignMs, clockRateError } = this.promises;
    return atMs - grantedAtMs >= exclusiveReassignMs * (1 - clockRateError);
  }

  #known(key: string): Known {
    return entryOf(this.#attempts, key, () => ({
      nodeId: "",
      grantedAtMs: Number.NEGATIVE_INFINITY,
      runs: false,
      over: false,
    }));
  }
}
