/**
 * One direction between two machines: how long a message takes, how often it has to be sent again, and whether anything gets
 * through at all. TCP hides losses: they show as delay, and a blocked path as messages that wait, and arrive when it opens
 * although everybody may have given them up.
 */
import type { Random } from "../random.ts";

export interface Quality {
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Of each packet. */
  readonly lossRate: number;
}

const lan: Quality = Object.freeze({ delayMs: 0.3, jitterMs: 0.7, lossRate: 0 });

/** TCP's first wait before it sends again; it doubles each time. */
const retransmitMs = 200;
const retransmitMaxMs = 6_400;

export class Path {
  readonly #random: Random;
  readonly #qualities: Quality[] = [lan];
  readonly #waiting: (() => void)[] = [];
  #blocks = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get isBlocked(): boolean {
    return this.#blocks > 0;
  }

  /** Blocked twice, it must be unblocked twice. */
  block(): void {
    this.#blocks += 1;
  }

  unblock(): void {
    this.#blocks -= 1;
    if (this.#blocks === 0) for (const go of this.#waiting.splice(0)) go();
  }

  /** Calls `go` as soon as the path is open: now, if it is. */
  whenOpen(go: () => void): void {
    if (this.isBlocked) this.#waiting.push(go);
    else go();
  }

  worsen(quality: Quality): void {
    this.#qualities.push(quality);
  }

  improve(quality: Quality): void {
    const at = this.#qualities.indexOf(quality);
    if (at > 0) this.#qualities.splice(at, 1);
  }

  /** How long the next message takes. */
  drawDelayMs(): number {
    const { delayMs, jitterMs, lossRate } = this.#qualities.at(-1) ?? lan;
    let totalMs = delayMs + this.#random.fraction() * jitterMs;
    for (let againMs = retransmitMs; lossRate > 0 && this.#random.chance(lossRate); againMs *= 2) {
      totalMs += Math.min(againMs, retransmitMaxMs);
    }
    return totalMs;
  }

  /** After a block: TCP finds out with its next try, which may be a while away. */
  drawRetryMs(): number {
    return this.#random.fraction() * retransmitMs * 4;
  }
}
