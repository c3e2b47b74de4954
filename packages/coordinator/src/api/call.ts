/**
 * One wrapper for all handlers: requests that could not be read, errors, cancellation, deadlines and backpressure are
 * dealt with here and nowhere else.
 */
import type {
  handleServerStreamingCall,
  handleUnaryCall,
  Metadata,
  ServerUnaryCall,
  ServerWritableStream,
} from "@grpc/grpc-js";
import { toServiceError } from "@holdfast/shared/contract/status-details.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Log } from "@holdfast/shared/log.ts";
import { Malformed } from "./strict-decoding.ts";

/** What a handler may know of its call beside the request. */
export interface Call {
  readonly metadata: Metadata;
  /** Unix time; Infinity when the client gave none. */
  readonly deadlineMs: number;
  /** Aborted when the client has gone, the deadline has passed, or (streams) this coordinator stops. */
  readonly signal: AbortSignal;
}

export type UnaryHandler<Request, Response> = (request: Request, call: Call) => Promise<Response>;
/** What it yields is sent; it is not asked for more while the client does not read. */
export type StreamHandler<Request, Response> = (request: Request, call: Call) => AsyncIterable<Response>;

export interface CallSettings {
  readonly log: Log;
  /** Aborted when the server stops: ends all streams. */
  readonly stopping: AbortSignal;
  /** A stream whose client takes nothing for so long is ended. */
  readonly slowReaderMs: number;
}

/** grpc-js's two kinds of calls, as far as they are alike. */
type AnyCall = Pick<ServerUnaryCall<unknown, unknown>, "metadata" | "getDeadline" | "getPath" | "on"> & {
  readonly cancelled: boolean;
};

class CallContext implements Call {
  readonly metadata: Metadata;
  readonly deadlineMs: number;
  readonly #call: AnyCall;
  #signal: AbortSignal | null = null;

  constructor(call: AnyCall) {
    this.#call = call;
    this.metadata = call.metadata;
    this.deadlineMs = Number(call.getDeadline());
  }

  /** Made on demand, since most calls are answered without having waited for anything. */
  get signal(): AbortSignal {
    if (this.#signal === null) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      const abort = () => controller.abort(new HoldfastError("cancelled", "the call has ended"));
      if (this.#call.cancelled) abort();
      else this.#call.on("cancelled", abort);
    }
    return this.#signal;
  }
}

export function unary<Request, Response>(
  handler: UnaryHandler<Request, Response>,
  { log }: CallSettings,
): handleUnaryCall<Request, Response> {
  return (call, answer) => {
    const request: Request | Malformed = call.request;
    if (request instanceof Malformed) return answer(toServiceError(request.error));
    handler(request, new CallContext(call)).then(
      (response) => answer(null, response),
      (error: unknown) => answer(toServiceError(tellable(error, call.getPath(), log))),
    );
  };
}

export function serverStream<Request, Response>(
  handler: StreamHandler<Request, Response>,
  settings: CallSettings,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    void runStream(call, handler, settings);
  };
}

async function runStream<Request, Response>(
  stream: ServerWritableStream<Request, Response>,
  handler: StreamHandler<Request, Response>,
  settings: CallSettings,
): Promise<void> {
  const context = new CallContext(stream);
  const signal = AbortSignal.any([context.signal, settings.stopping]);
  try {
    const request: Request | Malformed = stream.request;
    if (request instanceof Malformed) throw request.error;
    const call = { metadata: context.metadata, deadlineMs: context.deadlineMs, signal };
    await pump(handler(request, call), stream, signal, settings.slowReaderMs);
    if (settings.stopping.aborted) throw stoppingError();
    stream.end();
  } catch (error) {
    const told = settings.stopping.aborted && signal.reason === error ? stoppingError() : error;
    // The way to end a stream with a status.
    if (!stream.destroyed) stream.emit("error", toServiceError(tellable(told, stream.getPath(), settings.log)));
  }
}

async function pump<Response>(
  responses: AsyncIterable<Response>,
  stream: ServerWritableStream<unknown, Response>,
  signal: AbortSignal,
  slowReaderMs: number,
): Promise<void> {
  for await (const response of responses) {
    if (signal.aborted) return;
    if (!stream.write(response)) await drained(stream, signal, slowReaderMs);
  }
}

/** Resolves also when the call has ended: there is nobody left to wait for. */
function drained(
  stream: ServerWritableStream<unknown, unknown>,
  signal: AbortSignal,
  slowReaderMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const cleanUp = () => {
      clearTimeout(timer);
      stream.off("drain", finish);
      signal.removeEventListener("abort", finish);
    };
    const finish = () => {
      cleanUp();
      resolve();
    };
    const timer = setTimeout(() => {
      cleanUp();
      reject(new HoldfastError("resourceExhausted", `nothing was read for ${slowReaderMs} ms`));
    }, slowReaderMs);
    stream.on("drain", finish);
    if (signal.aborted) finish();
    else signal.addEventListener("abort", finish);
  });
}

function stoppingError(): HoldfastError {
  return new HoldfastError("unavailable", "this coordinator is stopping; use another one", { retryAfterMs: 0 });
}

/** What a client may hear. Anything unforeseen goes to the log, once, and the client hears only that. */
function tellable(error: unknown, method: string, log: Log): HoldfastError {
  if (error instanceof HoldfastError) {
    if (error.code !== "internal") return error;
  }
  log.error({ err: error, method }, "a call failed for an unforeseen reason");
  return new HoldfastError("internal", "an internal error; the coordinator's log says more");
}
