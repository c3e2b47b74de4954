/**
 * Tells that the store has gone, and that it is back: once each, however many tries fail in between.
 *
 * Reads and writes count apart. A Redis that is read-only or has no memory left answers the ones and refuses the others,
 * and is not back before it does both.
 */
import type { Log } from "./ports.ts";

export type StoreAct = "read" | "write";

export class StoreOutage {
  readonly #log: Log;
  readonly #nowMs: () => number;
  readonly #failing = new Set<StoreAct>();
  #sinceMs = 0;

  /** @param nowMs any clock that never goes back */
  constructor(log: Log, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  get isOver(): boolean {
    return this.#failing.size === 0;
  }

  failed(act: StoreAct, reason: string): void {
    if (this.#failing.size === 0) {
      this.#sinceMs = this.#nowMs();
      this.#log.warn({ reason }, "the store does not answer; what was committed is still told");
    }
    this.#failing.add(act);
  }

  answered(act: StoreAct): void {
    if (!this.#failing.delete(act) || this.#failing.size > 0) return;
    this.#log.info({ afterMs: Math.round(this.#nowMs() - this.#sinceMs) }, "the store answers again");
  }
}
