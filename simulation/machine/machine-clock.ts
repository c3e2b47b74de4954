/**
 * The two clocks of one machine: how far they are off from the world's time, and how much faster they run. The steady clock
 * runs on through suspend and never jumps; the wall clock can be set.
 */
import type { ClockReading } from "@holdfast/shared/clock.ts";
import type { WorldTime } from "../time/world-time.ts";

/** Unix time at which worlds begin: the first of January 2026. */
const beginningWallMs = 1_767_225_600_000;

export interface ClockError {
  /** Of the wall clock, at the beginning. */
  readonly offsetMs: number;
  /** Of both clocks: 0.001 runs a thousandth too fast. */
  readonly rateError: number;
}

export class MachineClock {
  readonly #time: WorldTime;
  #rate: number;
  #wallOffsetMs: number;
  /** Both readings when the rate was last changed. */
  #sinceMs = 0;
  #steadySinceMs: number;

  /** @param upForMs how long the machine has been up when the world begins */
  constructor(time: WorldTime, error: ClockError, upForMs: number) {
    this.#time = time;
    this.#rate = 1 + error.rateError;
    this.#wallOffsetMs = beginningWallMs + error.offsetMs - upForMs;
    this.#steadySinceMs = upForMs;
  }

  now(): ClockReading {
    const steadyMs = this.#steadySinceMs + (this.#time.nowMs - this.#sinceMs) * this.#rate;
    return { wallMs: Math.floor(this.#wallOffsetMs + steadyMs), steadyMs };
  }

  /** How long `ms` of this machine's clocks take in the world. */
  inWorldMs(ms: number): number {
    return ms / this.#rate;
  }

  /** From now on both clocks run at this rate. */
  setRateError(rateError: number): void {
    this.#steadySinceMs = this.now().steadyMs;
    this.#sinceMs = this.#time.nowMs;
    this.#rate = 1 + rateError;
  }

  /** Somebody, or a time server, sets the wall clock. */
  stepWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** The steady clock begins again with a boot, the wall clock does not. */
  rebooted(): void {
    const { steadyMs } = this.now();
    this.#wallOffsetMs += steadyMs;
    this.#steadySinceMs = 0;
    this.#sinceMs = this.#time.nowMs;
  }
}
