/**
 * The one clock of a simulated world: a queue of what is going to happen, by time and, at the same time, in the order in
 * which it was planned. Whatever an event sets off by promises is finished before the next one comes.
 */
import { findDrain, probe } from "./drain.ts";

export interface Planned {
  readonly atMs: number;
  readonly order: number;
  /** null: it was cancelled, or has happened. */
  act: (() => void) | null;
}

export class WorldTime {
  readonly #drain = findDrain();
  readonly #queue: Planned[] = [];
  #nowMs = 0;
  #order = 0;
  #happened = 0;

  /** Since the world began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many events have happened so far. */
  get happened(): number {
    return this.#happened;
  }

  after(delayMs: number, act: () => void): Planned {
    return this.at(this.#nowMs + Math.max(0, delayMs), act);
  }

  /** What is planned for the past happens now. */
  at(atMs: number, act: () => void): Planned {
    this.#order += 1;
    const planned: Planned = { atMs: Math.max(atMs, this.#nowMs), order: this.#order, act };
    this.#push(planned);
    return planned;
  }

  cancel(planned: Planned): void {
    planned.act = null;
  }

  /**
   * Lets everything happen that is planned up to `untilMs`, or until `stopped` says so. Synchronous from end to end.
   * @throws Error when it was not called by the event loop (see drain.ts)
   */
  run(untilMs: number, stopped: () => boolean): void {
    probe(this.#drain);
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || next.atMs > untilMs || stopped()) break;
      this.#pop();
      const { act } = next;
      if (act === null) continue;
      next.act = null;
      this.#nowMs = next.atMs;
      this.#happened += 1;
      act();
      this.#drain();
    }
    if (!stopped()) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(planned: Planned): void {
    const queue = this.#queue;
    let at = queue.length;
    queue.push(planned);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = queue[parentAt] as Planned;
      if (isBefore(parent, planned)) break;
      queue[at] = parent;
      at = parentAt;
    }
    queue[at] = planned;
  }

  #pop(): void {
    const queue = this.#queue;
    const last = queue.pop() as Planned;
    const { length } = queue;
    if (length === 0) return;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= length) break;
      const right = childAt + 1;
      if (right < length && isBefore(queue[right] as Planned, queue[childAt] as Planned)) childAt = right;
      const child = queue[childAt] as Planned;
      if (isBefore(last, child)) break;
      queue[at] = child;
      at = childAt;
    }
    queue[at] = last;
  }
}

function isBefore(one: Planned, other: Planned): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
