/**
 * No attempt starts after its end: what an agent decides to start is not over. An attempt that ended without ever having run
 * there (refused, or stopped before its start) left something that a late order finds; one that was lost with its node was
 * lost later than any order to start it is good for, so that an order which was stuck on its way finds itself void.
 */
import { isEndedAttempt } from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";
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
    if (event.kind === "diskLost" && event.what === "everything") this.#forget(event.machineId);
    if (event.kind !== "agentDecided") return;
    const { atMs, nodeId, effects } = event;
    for (const effect of effects) {
      if (effect.kind !== "launch") continue;
      const key = `${effect.order.taskId}.${effect.order.attempt}`;
      const end = this.#ends.get(`${nodeId} ${key}`);
      if (end === undefined || (end.state === "lost" && atMs - end.atMs < toleranceMs)) continue;
      this.violated(atMs, `${nodeId} starts ${key} ${at(atMs)}, which was committed as ${end.state} ${at(end.atMs)}`);
    }
  }

  #forget(nodeId: string): void {
    for (const key of this.#ends.keys()) if (key.startsWith(`${nodeId} `)) this.#ends.delete(key);
  }
}
