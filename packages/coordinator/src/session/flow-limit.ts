/**
 * How much may come in: a bucket that fills at a steady rate and is emptied by what comes. Honest agents and coordinators stay
 * far below; whoever does not is a defect or an attack, and loses its stream rather than everybody their coordinator.
 */

export interface FlowLimitSettings {
  readonly burst: number;
  readonly perSecond: number;
}

export class FlowLimit {
  readonly #settings: FlowLimitSettings;
  #left: number;
  #asOfMs: number;

  /** @param nowMs on the steady clock, as all times here */
  constructor(settings: FlowLimitSettings, nowMs: number) {
    this.#settings = settings;
    this.#left = settings.burst;
    this.#asOfMs = nowMs;
  }

  /** False: that is too much. */
  takes(count: number, nowMs: number): boolean {
    const { burst, perSecond } = this.#settings;
    this.#left = Math.min(burst, this.#left + ((nowMs - this.#asOfMs) / 1_000) * perSecond);
    this.#asOfMs = nowMs;
    if (count > this.#left) return false;
    this.#left -= count;
    return true;
  }
}
