/**
 * No attempt starts after its end: no process is started for what is over. An attempt that ended without ever having run
 * there (refused, or stopped before its start) left something that a late order finds; one that was lost with its node was
 * lost later than any order to start it is good for, so that an order which was stuck on its way finds itself void.
 */
import { isEndedAttempt } from "@holdfast/coordinator/core/record.ts";
import type { AttemptKey, HistoryEvent } from "../history.ts";
import { at, Checker, keyOf } from "./checker.ts";
import type { CommittedChange } from "./committed-log.ts";

interface End {
  readonly atMs: number;
  readonly state: string;
}

/** Both clocks may be off a little, and a commit is seen here when it is written. */
const toleranceMs = 100;

export class LateStarts extends Checker {
  readonly name = "no attempt starts after its end";
  readonly #ends = new Map<string, End>();
  readonly #lostBeforeLaunch = new Map<string, End>();

  override committed({ atMs, tasks, view }: CommittedChange): void {
    for (const { id, after } of tasks) {
      for (const { number, state, nodeId } of after?.attempts ?? []) {
        const key = `${nodeId} ${id}.${number}`;
        const withNode = state !== "lost" || (view.nodes.get(nodeId)?.lostAtMs ?? 0) > 0;
        if (!isEndedAttempt(state) || !withNode) this.#ends.delete(key);
        else if (this.#ends.get(key)?.state !== state) this.#ends.set(key, { atMs, state });
      }
    }
  }

  override observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "diskLost":
        if (event.what === "everything") this.#forget(event.machineId);
        return;
      case "agentDecided":
        for (const effect of event.effects) if (effect.kind === "launch") this.#launched(event, effect.order);
        return;
      case "processStarted":
        return this.#started(event);
      default:
        return;
    }
  }

  /** A machine may sleep between the decision and the start: what counts for a lost attempt is when it was decided. */
  #launched({ atMs, nodeId }: HistoryEvent<"agentDecided">, order: AttemptKey): void {
    const key = `${nodeId} ${keyOf(order)}`;
    this.#lostBeforeLaunch.delete(key);
    const end = this.#ends.get(key);
    if (end?.state === "lost" && atMs - end.atMs >= toleranceMs) this.#lostBeforeLaunch.set(key, end);
  }

  #started(event: HistoryEvent<"processStarted">): void {
    const { atMs, nodeId } = event;
    const key = `${nodeId} ${keyOf(event)}`;
    const now = this.#ends.get(key);
    const end = now !== undefined && now.state !== "lost" ? now : this.#lostBeforeLaunch.get(key);
    if (end === undefined) return;
    const committed = `which was committed as ${end.state} ${at(end.atMs)}`;
    this.violated(atMs, `${nodeId} started ${keyOf(event)} ${at(atMs)}, ${committed}`);
  }

  #forget(nodeId: string): void {
    for (const key of this.#ends.keys()) if (key.startsWith(`${nodeId} `)) this.#ends.delete(key);
  }
}
