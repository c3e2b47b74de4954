/** Requests for output that are under way on one session, and the answers that the agent sends in pieces. */
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { OutputChunk__Output } from "@holdfast/shared/contract/generated/holdfast/v1/OutputChunk.ts";
import type { TaskLogsResponse } from "@holdfast/shared/contract/generated/holdfast/v1/TaskLogsResponse.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";

export interface OutputWish {
  readonly taskId: string;
  readonly attempt: number;
  readonly follow: boolean;
  /** 0: from the oldest that is kept. */
  readonly tailBytes: number;
}

export type OutputPieces = AsyncIterable<readonly TaskLogsResponse[]>;

/** Readers of one node's output at a time. */
const maxOpen = 64;
/** A reader that falls behind by so many pieces is dropped: the session is shared with beats and orders. */
const maxWaitingPieces = 256;

interface Request {
  readonly pieces: (readonly TaskLogsResponse[])[];
  ended: boolean;
  error: HoldfastError | null;
  wake: () => void;
}

export class OutputRequests {
  readonly #send: (message: CoordinatorMessage) => void;
  readonly #open = new Map<number, Request>();
  #lastNumber = 0;

  constructor(send: (message: CoordinatorMessage) => void) {
    this.#send = send;
  }

  /** Throws HoldfastError resourceExhausted when too many read from this node already. */
  async *ask(wish: OutputWish, signal: AbortSignal): OutputPieces {
    if (this.#open.size >= maxOpen) {
      const message = `${maxOpen} readers follow output of this node already; end some, or try again`;
      throw new HoldfastError("resourceExhausted", message, { retryAfterMs: 1_000 });
    }
    this.#lastNumber += 1;
    const requestNumber = this.#lastNumber;
    const request: Request = { pieces: [], ended: false, error: null, wake: () => {} };
    const onAbort = () => request.wake();
    this.#open.set(requestNumber, request);
    signal.addEventListener("abort", onAbort);
    this.#send({ outputRequest: { requestNumber, ...wish } });
    try {
      while (!signal.aborted) {
        const piece = request.pieces.shift();
        if (piece !== undefined) yield piece;
        else if (request.error !== null) throw request.error;
        else if (request.ended) return;
        else {
          await new Promise<void>((resolve) => {
            request.wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#open.delete(requestNumber);
      if (!request.ended) this.#send({ outputRequest: { requestNumber, cancel: true } });
    }
  }

  isOpen(requestNumber: number): boolean {
    return this.#open.has(requestNumber);
  }

  receive(chunk: OutputChunk__Output): void {
    const request = this.#open.get(chunk.requestNumber ?? 0);
    if (request === undefined || request.ended) return;
    if (chunk.pieces !== undefined && chunk.pieces.length > 0) request.pieces.push(chunk.pieces);
    if (chunk.error !== undefined && chunk.error !== "") request.error = new HoldfastError("notFound", chunk.error);
    else if (request.pieces.length > maxWaitingPieces) {
      request.error = new HoldfastError("resourceExhausted", "the output was read too slowly; ask again for the rest");
    }
    if (chunk.end === true || chunk.error) request.ended = true;
    request.wake();
  }

  /** The session is over. */
  close(): void {
    for (const request of this.#open.values()) {
      request.ended = true;
      request.error ??= new HoldfastError("unavailable", "the session with the node broke", { retryAfterMs: 1_000 });
      request.wake();
    }
  }
}
