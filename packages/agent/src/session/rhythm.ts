/**
 * When beats and metrics are due. Beats keep their pace whatever a turn takes; metrics are jittered, so that the nodes of
 * a fleet that was started at once do not measure and send at once for ever.
 */

export interface RhythmActions {
  beat(): void;
  metrics(): void;
}

const metricsJitter = 0.1;

export class Rhythm {
  readonly #actions: RhythmActions;
  #beatTimer: NodeJS.Timeout | null = null;
  #metricsTimer: NodeJS.Timeout | null = null;
  #beatIntervalMs = 0;
  #metricsIntervalMs = 0;

  constructor(actions: RhythmActions) {
    this.#actions = actions;
  }

  /** Takes up the pace that a coordinator asks for, beginning with a beat at once: starts can name it. */
  follow(beatIntervalMs: number, metricsIntervalMs: number): void {
    this.#metricsIntervalMs = metricsIntervalMs;
    if (this.#beatTimer === null || this.#beatIntervalMs !== beatIntervalMs) {
      this.#beatIntervalMs = beatIntervalMs;
      if (this.#beatTimer !== null) clearInterval(this.#beatTimer);
      this.#beatTimer = setInterval(() => this.#actions.beat(), beatIntervalMs);
    }
    this.#actions.beat();
    if (this.#metricsTimer === null) this.#measureSoon();
  }

  stop(): void {
    if (this.#beatTimer !== null) clearInterval(this.#beatTimer);
    if (this.#metricsTimer !== null) clearTimeout(this.#metricsTimer);
  }

  /** The first sample, soon after the start: placement goes by it. */
  #measureSoon(): void {
    this.#metricsTimer = setTimeout(() => this.#measure(), Math.random() * Math.min(500, this.#metricsIntervalMs));
  }

  #measure(): void {
    this.#actions.metrics();
    const waitMs = this.#metricsIntervalMs * (1 + metricsJitter * (2 * Math.random() - 1));
    this.#metricsTimer = setTimeout(() => this.#measure(), waitMs);
  }
}
