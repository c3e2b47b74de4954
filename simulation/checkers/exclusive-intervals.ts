/**
 * Exclusive intervals never overlap: of an exclusive task, processes of two attempts never run at one moment of true time,
 * as long as what exclusive tasks assume held on the nodes and coordinators involved while the first of them ran.
 */
import type { HistoryEvent } from "../history.ts";
import { Assumptions } from "./assumptions.ts";
import { at, Checker, keyOf } from "./checker.ts";
import { entryOf } from "./entry-of.ts";

interface Interval {
  readonly attempt: number;
  readonly nodeId: string;
  readonly fromMs: number;
}

export class ExclusiveIntervals extends Checker {
  readonly name = "exclusive intervals never overlap";
  readonly #assumptions = new Assumptions();
  readonly #coordinators = new Set<string>();
  /** What runs now, by task. */
  readonly #running = new Map<string, Interval[]>();

  override observe(event: HistoryEvent): void {
    this.#assumptions.observe(event);
    switch (event.kind) {
      case "coordinatorStarted":
        this.#coordinators.add(event.coordinatorId);
        return;
      case "processStarted":
        if (event.exclusive) this.#started(event);
        return;
      case "groupEmpty": {
        const running = this.#running.get(event.taskId);
        const at = running?.findIndex((one) => one.attempt === event.attempt && one.nodeId === event.nodeId) ?? -1;
        if (at >= 0) running?.splice(at, 1);
        return;
      }
      default:
        return;
    }
  }

  #started(event: HistoryEvent<"processStarted">): void {
    const { atMs, taskId, attempt, nodeId } = event;
    const running = entryOf(this.#running, taskId, () => []);
    for (const other of running) {
      const involved = [nodeId, other.nodeId, ...this.#coordinators];
      if (!this.#assumptions.heldOn(involved, other.fromMs, atMs)) continue;
      const first = `attempt ${other.attempt} runs on ${other.nodeId} since ${(other.fromMs / 1_000).toFixed(3)} s`;
      this.violated(
        atMs,
        `exclusive task ${taskId}: ${keyOf(event)} was started on ${nodeId} ${at(atMs)}, but ${first}`,
      );
    }
    running.push({ attempt, nodeId, fromMs: atMs });
  }
}
