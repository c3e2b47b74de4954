/**
 * A sensor whose answer may take long or never come (a file system, a driver's tool): at most one question is under way,
 * nobody waits for it longer than stated, and an answer that is overdue counts against the sensor's budget.
 */
import { messageOf, SensorBudget, type SensorOptions } from "./sensor-budget.ts";

export interface BackgroundSensorOptions<T> extends SensorOptions {
  readonly sensor: string;
  readonly ask: () => Promise<T>;
  /** No new question sooner than this after the last one. */
  readonly everyMs: number;
  /** How long a caller waits for the answer; 0: never. */
  readonly waitMs: number;
  /** An answer older than this is not given any more. */
  readonly freshMs: number;
}

export class BackgroundSensor<T> {
  readonly #options: BackgroundSensorOptions<T>;
  readonly #budget: SensorBudget;
  #askedMs = Number.NEGATIVE_INFINITY;
  #underWay: Promise<void> | undefined;
  /** The question under way has already cost a strike. */
  #overdue = false;
  #answer: { readonly value: T; readonly atMs: number } | undefined;

  constructor(options: BackgroundSensorOptions<T>) {
    this.#options = options;
    this.#budget = new SensorBudget(options.sensor, options);
  }

  /** The latest answer that is still fresh, asking anew where that is due. Never rejects. */
  async poll(): Promise<T | undefined> {
    const { everyMs, monotonicMs, waitMs } = this.#options;
    if (this.#underWay !== undefined) this.#countOverdue();
    else if (monotonicMs() - this.#askedMs >= everyMs && this.#budget.allowed()) await this.#ask(waitMs);
    const answer = this.#answer;
    return answer !== undefined && monotonicMs() - answer.atMs <= this.#options.freshMs ? answer.value : undefined;
  }

  async #ask(waitMs: number): Promise<void> {
    this.#askedMs = this.#options.monotonicMs();
    this.#overdue = false;
    const underWay = this.#options.ask().then(
      (value) => this.#settle({ value, atMs: this.#options.monotonicMs() }),
      (error: unknown) => this.#settle(undefined, messageOf(error)),
    );
    this.#underWay = underWay;
    if (waitMs > 0) await atMost(waitMs, underWay);
  }

  #settle(answer: { readonly value: T; readonly atMs: number } | undefined, error?: string): void {
    this.#underWay = undefined;
    this.#answer = answer;
    if (this.#overdue) return;
    const tookMs = this.#options.monotonicMs() - this.#askedMs;
    this.#budget.settle(error === undefined ? { tookMs } : { tookMs, error });
  }

  #countOverdue(): void {
    const tookMs = this.#options.monotonicMs() - this.#askedMs;
    // Each poll that finds the question still open is a strike, so that a sensor that hangs for good is told of.
    if (tookMs <= this.#options.limits.slowAfterMs || !this.#budget.allowed()) return;
    this.#overdue = true;
    this.#budget.settle({ tookMs, error: `no answer for ${Math.round(tookMs)} ms` });
  }
}

function atMost(waitMs: number, promise: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    void promise.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
