/**
 * For how long nobody led before this coordinator did: from the end of the leadership before, as far as it can be known here.
 *
 *   it resigned, or its process died    when this coordinator was told, or its connection broke
 *   it was this coordinator's own       when it ended
 *   it fell silent (hung, cut off)      the later one of its last word that it leads, and the time at which its lease must
 *                                       have been renewed to be seen in the storage as late as it was
 *
 * The last one may be early by the interval of those words, never late: what is told is rather too long than too short.
 */

export class LeadershipGap {
  readonly #leaseTtlMs: number;
  /** On the steady clock, as all times here. */
  #lastWordMs = Number.NEGATIVE_INFINITY;
  #goneMs = Number.NEGATIVE_INFINITY;

  constructor(leaseTtlMs: number) {
    this.#leaseTtlMs = leaseTtlMs;
  }

  /** Somebody who leads has said so, or we do. */
  leads(nowMs: number): void {
    this.#lastWordMs = nowMs;
  }

  /** Who led does so no more. It may be told twice: by itself, and when its connection breaks. */
  gone(nowMs: number): void {
    if (this.#goneMs <= this.#lastWordMs) this.#goneMs = nowMs;
  }

  /**
   * @param leaseSeenMs when a lease of another was last seen in the storage
   * @returns null when this coordinator has known no leadership before
   */
  untilMs(nowMs: number, leaseSeenMs: number): number | null {
    // Whoever led after the one that is gone may have been known by its lease alone.
    const endMs = Math.max(this.#lastWordMs, this.#goneMs, leaseSeenMs - this.#leaseTtlMs);
    return Number.isFinite(endMs) ? nowMs - endMs : null;
  }
}
