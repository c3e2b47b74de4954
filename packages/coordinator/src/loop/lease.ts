/**
 * A lease as its holder may count on it: from the moment at which the acquisition or the last good renewal was *sent*, and
 * for less than the time that the store keeps it. Once it was found to have run out, it is over: what was not sent or not
 * taken in for that reason would be missed by a leadership that went on with a renewal which is answered late.
 */
import type { Now } from "../core/event.ts";

export class Lease {
  readonly epoch: number;
  readonly #stepDownMs: number;
  #goodFromMs: number;
  #isOver = false;

  /** @param sentAtMs on the steady clock */
  constructor(epoch: number, stepDownMs: number, sentAtMs: number) {
    this.epoch = epoch;
    this.#stepDownMs = stepDownMs;
    this.#goodFromMs = sentAtMs;
  }

  renewed(sentAtMs: number): void {
    this.#goodFromMs = Math.max(this.#goodFromMs, sentAtMs);
  }

  /** Since the last good renewal was sent. */
  ageMs(now: Now): number {
    return now.steadyMs - this.#goodFromMs;
  }

  holds(now: Now): boolean {
    if (now.steadyMs - this.#goodFromMs >= this.#stepDownMs) this.#isOver = true;
    return !this.#isOver;
  }
}
