/** Calls that wait for the core's answer. */
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Written } from "./api/backend.ts";
import type { CoordinatorEffect } from "./core/effect.ts";
import type { WriteKind } from "./core/event.ts";

interface Pending {
  readonly resolve: (written: Written<WriteKind>) => void;
  readonly reject: (error: HoldfastError) => void;
}

/** So many at most wait at once; beyond that clients are asked to slow down. */
const maxPending = 20_000;

export class PendingWrites {
  readonly #pending = new Map<number, Pending>();
  #lastCallId = 0;

  /** @throws HoldfastError (resourceExhausted) when too many wait already */
  open<Kind extends WriteKind>(): { callId: number; answered: Promise<Written<Kind>> } {
    if (this.#pending.size >= maxPending) {
      throw new HoldfastError("resourceExhausted", `${maxPending} writes are waiting already; slow down`, {
        retryAfterMs: 200,
      });
    }
    this.#lastCallId += 1;
    const callId = this.#lastCallId;
    const answered = new Promise<Written<Kind>>((resolve, reject) => {
      this.#pending.set(callId, { resolve: resolve as Pending["resolve"], reject });
    });
    return { callId, answered };
  }

  settle(effects: readonly CoordinatorEffect[], revision: string): void {
    for (const effect of effects) {
      if (effect.kind === "answer") {
        this.#take(effect.callId)?.resolve({ answer: effect.answer, revision });
      } else if (effect.kind === "refuse") {
        const { code, message, fields } = effect;
        const retry = code === "unavailable" ? { retryAfterMs: 500 } : {};
        this.#reject(effect.callId, new HoldfastError(code, message, { fields, ...retry }));
      }
    }
  }

  /** The leadership is over; what was not answered may or may not have happened. */
  abandon(): void {
    const message =
      "the leadership has changed, the write may or may not have happened: repeat it with the same request_id";
    for (const callId of [...this.#pending.keys()]) {
      this.#reject(callId, new HoldfastError("unavailable", message, { retryAfterMs: 200 }));
    }
  }

  #reject(callId: number, error: HoldfastError): void {
    this.#take(callId)?.reject(error);
  }

  #take(callId: number): Pending | undefined {
    const pending = this.#pending.get(callId);
    this.#pending.delete(callId);
    return pending;
  }
}
