/**
 * Reads output for those who ask for it through a coordinator, and sends it at the pace at which the stream takes it.
 */
import type { OutputRequest__Output } from "@holdfast/shared/contract/generated/holdfast/v1/OutputRequest.ts";
import type { TaskLogsResponse } from "@holdfast/shared/contract/generated/holdfast/v1/TaskLogsResponse.ts";
import type { AttemptId } from "../core/attempt.ts";
import type { Session } from "./session.ts";
import { attemptIdOf } from "./wire-orders.ts";

export interface OutputWish {
  /** Go on as the task writes, until it has ended. */
  readonly follow: boolean;
  /** Begin so far before the present end; 0: with the oldest that is kept. */
  readonly tailBytes: number;
}

/**
 * Pieces of at most 64 KiB together each. Rejects with an error that a person can read when there is no such output.
 */
export type ReadOutput = (
  id: AttemptId,
  wish: OutputWish,
  signal: AbortSignal,
) => AsyncIterable<readonly TaskLogsResponse[]>;

/** So many at a time on this node, so that readers cannot take its memory. */
const readersMax = 32;

export class OutputRequests {
  readonly #read: ReadOutput;
  /** By session and request number. */
  readonly #readers = new Map<Session, Map<number, AbortController>>();
  #readerCount = 0;

  constructor(read: ReadOutput) {
    this.#read = read;
  }

  /** Resolves when the request has been answered; never rejects. */
  async serve(session: Session, request: OutputRequest__Output): Promise<void> {
    const { requestNumber = 0, cancel = false } = request;
    if (cancel) return this.#readers.get(session)?.get(requestNumber)?.abort();
    const error = await this.#answer(session, requestNumber, request);
    if (error !== null) await session.sendOutput({ output: { requestNumber, error, end: true } });
  }

  /** The session's stream has ended: nobody reads there any more. */
  abandon(session: Session): void {
    for (const reader of this.#readers.get(session)?.values() ?? []) reader.abort();
    this.#readers.delete(session);
  }

  /** Why it could not be read; null: it was, or nobody wants it any more. */
  async #answer(session: Session, requestNumber: number, request: OutputRequest__Output): Promise<string | null> {
    const id = attemptIdOf(request);
    if (id === null) return "the request names no valid task id and attempt";
    if (this.#readerCount >= readersMax)
      return `${readersMax} readers are served on this node already; try again later`;
    const reader = new AbortController();
    const ofSession = this.#readers.get(session) ?? new Map<number, AbortController>();
    this.#readers.set(session, ofSession.set(requestNumber, reader));
    this.#readerCount += 1;
    try {
      const wish = { follow: request.follow ?? false, tailBytes: request.tailBytes ?? 0 };
      for await (const pieces of this.#read(id, wish, reader.signal)) {
        if (reader.signal.aborted) return null;
        if (!(await session.sendOutput({ output: { requestNumber, pieces: [...pieces] } }))) return null;
      }
      if (!reader.signal.aborted) await session.sendOutput({ output: { requestNumber, end: true } });
      return null;
    } catch (error) {
      return reader.signal.aborted
        ? null
        : `the output cannot be read: ${error instanceof Error ? error.message : error}`;
    } finally {
      this.#readerCount -= 1;
      ofSession.delete(requestNumber);
    }
  }
}
