/**
 * A second completion of an at-least-once task happens only if its first run had been given up by the rules: its node was
 * taken for lost (`justified-losses.ts` judges whether it might be), or storage or the node's disk has lost what was known
 * of it. Of an exclusive task it is no more than that either.
 */
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";
import type { CommittedChange } from "./committed-log.ts";
import { entryOf } from "./entry-of.ts";

interface Completion {
  readonly attempt: number;
  readonly nodeId: string;
  readonly atMs: number;
}

export class SecondCompletions extends Checker {
  readonly name = "no second completion without a lost node";
  readonly #completions = new Map<string, Completion[]>();
  /** Attempts that were lost together with their node. */
  readonly #lostWithNode = new Set<string>();
  /** Attempts whose supervisor was killed: nobody can say how they ended. */
  readonly #unrecorded = new Set<string>();
  /** By machine: when it last lost data. */
  readonly #diskLost = new Map<string, number>();
  #storeLostAtMs = Number.NEGATIVE_INFINITY;

  override committed({ tasks, view }: CommittedChange): void {
    for (const { id, after } of tasks) {
      for (const attempt of after?.attempts ?? []) {
        if (supervisorKilled.test(attempt.reason)) this.#unrecorded.add(`${id}.${attempt.number}`);
        const node = view.nodes.get(attempt.nodeId);
        if (attempt.state !== "lost" || (node !== undefined && node.lostAtMs === 0)) continue;
        this.#lostWithNode.add(`${id}.${attempt.number}`);
      }
    }
  }

  override observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "storeLost":
        this.#storeLostAtMs = event.atMs;
        return;
      case "diskLost":
        this.#diskLost.set(event.machineId, event.atMs);
        return;
      case "groupEmpty":
        if (event.how === "exited" && event.exitCode === 0) this.#completed(event);
        return;
      default:
        return;
    }
  }

  #completed({ atMs, taskId, attempt, nodeId }: HistoryEvent<"groupEmpty">): void {
    const completions = entryOf(this.#completions, taskId, () => []);
    for (const first of completions) {
      // Whichever ends first: the older of both had been given up when the other was placed.
      const older = `${taskId}.${Math.min(first.attempt, attempt)}`;
      const forgotten = Math.max(this.#storeLostAtMs, this.#diskLost.get(first.nodeId) ?? Number.NEGATIVE_INFINITY);
      // A loss may also hit what led to this run, before the first completed.
      if (this.#unrecorded.has(older) || this.#lostWithNode.has(older) || forgotten > Number.NEGATIVE_INFINITY)
        continue;
      const before = `${taskId}.${first.attempt} had on ${first.nodeId} ${at(first.atMs)}`;
      const why = `the node of ${older} was never lost`;
      this.violated(atMs, `${taskId}.${attempt} completed on ${nodeId} ${at(atMs)}, after ${before}, and ${why}`);
    }
    completions.push({ attempt, nodeId, atMs });
  }
}

const supervisorKilled = /supervisor was killed/;
