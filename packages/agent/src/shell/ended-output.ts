/** The last output of ended attempts, from their end until it is acknowledged: it travels with every report of the end. */
import { type AttemptId, keyOf } from "../core/attempt.ts";

export interface EndedAttempt {
  readonly tail: Buffer;
  readonly endedAtMs: number;
  /** That its folder takes on disk, about. */
  readonly bytes: number;
}

/**
 * Tails are kept in memory up to this together. Only what ran when the last leader vanished can pile up here, since
 * nothing new is started without one.
 */
const tailsMaxBytes = 24 * 1024 * 1024;
const nothing = Buffer.alloc(0);

export class EndedOutput {
  readonly #ended = new Map<string, EndedAttempt>();
  #tailBytes = 0;

  add(key: string, ended: EndedAttempt): void {
    this.take(key);
    const tail = this.#tailBytes + ended.tail.length > tailsMaxBytes ? nothing : ended.tail;
    this.#ended.set(key, { ...ended, tail });
    this.#tailBytes += tail.length;
  }

  tailOf(id: AttemptId): Buffer {
    return this.#ended.get(keyOf(id))?.tail ?? nothing;
  }

  /** Forgets it and says what it was. */
  take(key: string): EndedAttempt | undefined {
    const ended = this.#ended.get(key);
    if (ended === undefined) return undefined;
    this.#ended.delete(key);
    this.#tailBytes -= ended.tail.length;
    return ended;
  }
}
