/**
 * Epochs never repeat, whatever storage has lost: one that was acquired once is never acquired by another coordinator, nor
 * by the same one for another leadership.
 */
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";

interface Use {
  readonly coordinatorId: string;
  readonly atMs: number;
  /** The leadership is over; the coordinator may not have it again. */
  over: boolean;
}

export class UniqueEpochs extends Checker {
  readonly name = "epochs never repeat";
  readonly #uses = new Map<number, Use>();

  override observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "acquired":
        return this.#acquired(event);
      case "leaseReleased": {
        const use = this.#uses.get(event.epoch);
        if (use !== undefined) use.over = true;
        return;
      }
      case "coordinatorStopped":
        for (const use of this.#uses.values()) if (use.coordinatorId === event.coordinatorId) use.over = true;
        return;
      default:
        return;
    }
  }

  #acquired({ atMs, coordinatorId, epoch }: HistoryEvent<"acquired">): void {
    const use = this.#uses.get(epoch);
    if (use === undefined) {
      this.#uses.set(epoch, { coordinatorId, atMs, over: false });
    } else if (use.coordinatorId !== coordinatorId || use.over) {
      const first = `${use.coordinatorId} had acquired it ${at(use.atMs)}`;
      this.violated(atMs, `${coordinatorId} acquired epoch ${epoch} ${at(atMs)}, but ${first}`);
    }
  }
}
