/**
 * A stream of messages in both directions, as sessions and links need it. gRPC's are made into these by `grpc-stream.ts`; a
 * simulated network has its own. Messages arrive in the order in which they were written, or not at all.
 */
import type { HoldfastError } from "@holdfast/shared/errors.ts";

/** What happens to a stream. Not called from within `write`; `ended` may be from within `close` and `refuse`. */
export interface StreamListener<Incoming> {
  /** Not called any more once this end has closed it. */
  received(message: Incoming): void;
  /** It takes more again, after `write` has said that it is full. */
  drained(): void;
  /** It is over, whoever ended it and however. Called at most once; nothing comes after it. */
  ended(): void;
}

export interface Stream<Incoming, Outgoing> {
  /** Called once, before anything is written. What arrives before that is kept until then. */
  listen(listener: StreamListener<Incoming>): void;
  /** @returns false when the other end reads too slowly: this message was taken, the next should wait for `drained` */
  write(message: Outgoing): boolean;
  /** Ends it in order. What was written before may still arrive. Harmless when it is over. */
  close(): void;
}

/** The end of a stream whose other end has dialled. */
export interface AcceptedStream<Incoming, Outgoing> extends Stream<Incoming, Outgoing> {
  /** Ends it with the error's status, which the other end is told. Harmless when it is over. */
  refuse(error: HoldfastError): void;
}
