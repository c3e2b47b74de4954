/**
 * When beats and metrics are due. Beats keep their pace whatever a turn takes; metrics are jittered, so that the nodes of
 * a fleet that was started at once do not measure and send at once for ever.
 */
import type { Clock, Timer } from "@holdfast/shared/clock.ts";

export interface RhythmOptions {
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly beat: () => void;
  readonly metrics: () => void;
}

const metricsJitter = 0.1;

export class Rhythm {
  readonly #options: RhythmOptions;
  #beats: Timer | null = null;
  #metrics: Timer | null = null;
  #beatIntervalMs = 0;
  #metricsIntervalMs = 0;

  constructor(options: RhythmOptions) {
    this.#options = options;
  }

  /** Takes up the pace that a coordinator asks for, beginning with a beat at once: starts can name it. */
  follow(beatIntervalMs: number, metricsIntervalMs: number): void {
    const { clock, beat } = this.#options;
    this.#metricsIntervalMs = metricsIntervalMs;
    if (this.#beats === null || this.#beatIntervalMs !== beatIntervalMs) {
      this.#beatIntervalMs = beatIntervalMs;
      this.#beats?.cancel();
      this.#beats = clock.every(beatIntervalMs, beat);
    }
    beat();
    if (this.#metrics === null) this.#measureSoon();
  }

  stop(): void {
    this.#beats?.cancel();
    this.#metrics?.cancel();
  }

  /** The first sample, soon after the start: placement goes by it. */
  #measureSoon(): void {
    const { clock, random } = this.#options;
    this.#metrics = clock.after(random() * Math.min(500, this.#metricsIntervalMs), () => this.#measure());
  }

  #measure(): void {
    const { clock, random, metrics } = this.#options;
    metrics();
    const waitMs = this.#metricsIntervalMs * (1 + metricsJitter * (2 * random() - 1));
    this.#metrics = clock.after(waitMs, () => this.#measure());
  }
}
