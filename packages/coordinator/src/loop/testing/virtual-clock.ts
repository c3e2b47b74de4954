/** A clock that stands still until the test moves it; whatever waits by it then runs in the order of its time. */
import type { Clock, ClockReading, Timer } from "@holdfast/shared/clock.ts";

interface Due {
  readonly atMs: number;
  readonly act: () => void;
}

export class VirtualClock implements Clock {
  #nowMs = 1_000;
  readonly #due = new Set<Due>();

  now(): ClockReading {
    return { wallMs: 1_700_000_000_000 + this.#nowMs, steadyMs: this.#nowMs };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const timer = this.after(ms, () => {
        signal?.removeEventListener("abort", wake);
        resolve();
      });
      const wake = () => {
        timer.cancel();
        resolve();
      };
      signal?.addEventListener("abort", wake, { once: true });
    });
  }

  after(ms: number, act: () => void): Timer {
    const due = { atMs: this.#nowMs + ms, act };
    this.#due.add(due);
    return { cancel: () => this.#due.delete(due) };
  }

  every(ms: number, act: () => void): Timer {
    let timer: Timer;
    const again = () => {
      timer = this.after(ms, again);
      act();
    };
    timer = this.after(ms, again);
    return { cancel: () => timer.cancel() };
  }

  soon(act: () => void): void {
    this.after(0, act);
  }

  /** Lets time pass; what is awaited in between settles. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#due.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.act();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) if (due.atMs <= untilMs && (first === undefined || due.atMs < first.atMs)) first = due;
    return first;
  }
}

/** All promises that can settle have. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
