/**
 * A server's stream that outlives the coordinator that serves it.
 *
 * When the coordinator dies, or ends the stream before its purpose is reached, the plan says what to ask the next one
 * for, so that the consumer sees a single stream without gaps. Nothing is asked of the clock but the patience: how long
 * there may be no coordinator at all.
 */
import type { ClientReadableStream, CallOptions as GrpcCallOptions } from "@grpc/grpc-js";
import { HoldfastError } from "../errors.ts";
import { callError, isPassing, unreachable } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import type { CoordinatorPool, Member } from "./coordinator-pool.ts";
import { cancelledByCaller, pause } from "./pause.ts";

export interface StreamPlan<Message> {
  /** Asks for what has not been delivered yet. */
  open(connection: Connection, options: GrpcCallOptions): ClientReadableStream<Message>;
  /** Notes the position; undefined: everything in it was delivered before. */
  accept(message: Message): Message | undefined;
  /** Whether the purpose is reached: after each message, and when the server has ended the stream. */
  complete(endedByServer: boolean): boolean;
  /** Called on OUT_OF_RANGE: forget the position and start anew. False: pass the error on. */
  restart(): boolean;
}

export interface StreamPolicy {
  readonly firstContactMs: number;
  /** How long to go on looking for a coordinator after the last sign of one. */
  readonly patienceMs: number;
  readonly signal: AbortSignal | undefined;
  /** Done at each coordinator before it is asked for the stream. */
  readonly prepare: (connection: Connection) => Promise<void>;
}

const connectTimeoutMs = 2_000;

/** @throws HoldfastError what a coordinator answered; unavailable when patience ended; cancelled by the signal */
export async function* resumableStream<Message>(
  pool: CoordinatorPool,
  plan: StreamPlan<Message>,
  policy: StreamPolicy,
): AsyncGenerator<Message, void, undefined> {
  let lastSignAtMs = pool.now();
  let last: HoldfastError | undefined;
  for (;;) {
    const { member, waitMs } = pool.next();
    const patienceMs = pool.everReached ? policy.patienceMs : Math.min(policy.patienceMs, policy.firstContactMs);
    if (pool.now() + waitMs - lastSignAtMs > patienceMs) throw unreachable(pool, last);
    if (waitMs > 0) await pause(waitMs, policy.signal);
    try {
      for await (const message of readFrom(pool, member, plan, policy)) {
        lastSignAtMs = pool.now();
        const fresh = plan.accept(message);
        if (fresh !== undefined) yield fresh;
        if (plan.complete(false)) return;
      }
      if (plan.complete(true)) return;
      last = undefined;
      pool.failed(member, endedEarly());
    } catch (thrown) {
      if (policy.signal?.aborted) throw cancelledByCaller(thrown);
      last = callError(thrown);
      if (last.code === "outOfRange" && plan.restart()) continue;
      if (!isPassing(last) && !isTooMuchForNow(last)) throw last;
      pool.failed(member, last);
    }
  }
}

/** A coordinator that has to end a stream for lack of room says when it may be asked for again. */
function isTooMuchForNow(error: HoldfastError): boolean {
  return error.code === "resourceExhausted" && error.retryAfterMs !== undefined;
}

function endedEarly(): HoldfastError {
  return new HoldfastError("unavailable", "the coordinator ended the stream");
}

async function* readFrom<Message>(
  pool: CoordinatorPool,
  member: Member,
  plan: StreamPlan<Message>,
  { signal, prepare }: StreamPolicy,
): AsyncGenerator<Message, void, undefined> {
  if (signal?.aborted) throw cancelledByCaller();
  if (await member.connection.connected(connectTimeoutMs)) pool.reached();
  await prepare(member.connection);
  const stream = plan.open(member.connection, {});
  const cancel = () => stream.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  // The cancellation in `finally` is itself reported as an error, after the iteration has stopped listening.
  stream.on("error", () => {});
  try {
    for await (const message of stream) {
      pool.answered(member);
      yield message as Message;
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
    stream.cancel();
  }
}
