/** Tells that the store has gone, and that it is back: once each, however many tries fail in between. */
import type { Log } from "./ports.ts";

export class StoreOutage {
  readonly #log: Log;
  readonly #nowMs: () => number;
  #sinceMs: number | null = null;

  /** @param nowMs any clock that never goes back */
  constructor(log: Log, nowMs: () => number) {
    this.#log = log;
    this.#nowMs = nowMs;
  }

  failed(reason: string): void {
    if (this.#sinceMs !== null) return;
    this.#sinceMs = this.#nowMs();
    this.#log.warn({ reason }, "the store does not answer; what was committed is still told");
  }

  answered(): void {
    if (this.#sinceMs === null) return;
    const afterMs = Math.round(this.#nowMs() - this.#sinceMs);
    this.#sinceMs = null;
    this.#log.info({ afterMs }, "the store answers again");
  }
}
