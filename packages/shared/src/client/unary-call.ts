/**
 * One request, one answer, from whichever coordinator can give it before the deadline.
 *
 * A call that may be repeated (reads, and writes that carry a request id or that do nothing the second time) is tried
 * elsewhere after every passing failure. Another one is tried elsewhere only if it was certainly not carried out: it
 * was not sent, or the coordinator said "unavailable, try again in …".
 */
import {
  type ClientUnaryCall,
  type CallOptions as GrpcCallOptions,
  Metadata,
  type requestCallback,
} from "@grpc/grpc-js";
import { HoldfastError } from "../errors.ts";
import { callError, isPassing, unreachable } from "./call-failure.ts";
import type { Connection } from "./connection.ts";
import type { CoordinatorPool, Member } from "./coordinator-pool.ts";
import { cancelledByCaller, pause } from "./pause.ts";

export type UnaryMethod<Request, Response> = (
  connection: Connection,
  request: Request,
  metadata: Metadata,
  options: GrpcCallOptions,
  callback: requestCallback<Response>,
) => ClientUnaryCall;

export interface UnaryPolicy {
  /** From the call to its answer, all tries together. */
  readonly deadlineMs: number;
  /** How long to look for a first coordinator when none has been reached yet. */
  readonly firstContactMs: number;
  readonly repeatable: boolean;
  readonly signal: AbortSignal | undefined;
}

const connectTimeoutMs = 2_000;
const shortestTryMs = 2_000;

/** @throws HoldfastError the coordinator's answer, or unavailable / deadlineExceeded when none answered in time */
export async function callUnary<Request, Response>(
  pool: CoordinatorPool,
  method: UnaryMethod<Request, Response>,
  request: Request,
  policy: UnaryPolicy,
): Promise<Response> {
  const begunAtMs = pool.now();
  const leftMs = () =>
    begunAtMs +
    (pool.everReached ? policy.deadlineMs : Math.min(policy.deadlineMs, policy.firstContactMs)) -
    pool.now();
  let last: HoldfastError | undefined;
  for (;;) {
    const { member, waitMs } = pool.next();
    if (waitMs >= leftMs()) throw unreachable(pool, last);
    if (waitMs > 0) await pause(waitMs, policy.signal);
    const attempt = await tryOnce(pool, member, method, request, {
      ...policy,
      deadlineMs: tryTimeoutMs(pool, policy, begunAtMs),
    });
    if ("response" in attempt) {
      pool.answered(member);
      return attempt.response;
    }
    last = attempt.error;
    if (policy.signal?.aborted) throw cancelledByCaller(last);
    if (attempt.final) {
      if (attempt.answered) pool.answered(member);
      throw last;
    }
    pool.failed(member, last);
  }
}

/** With others to ask, a coordinator that hangs may not use up all of the time. */
function tryTimeoutMs(pool: CoordinatorPool, policy: UnaryPolicy, begunAtMs: number): number {
  const leftMs = Math.max(1, begunAtMs + policy.deadlineMs - pool.now());
  if (pool.size === 1 || !policy.repeatable) return leftMs;
  return Math.min(leftMs, Math.max(shortestTryMs, policy.deadlineMs / 3));
}

type Try<Response> =
  | { readonly response: Response }
  | { readonly error: HoldfastError; readonly final: boolean; readonly answered: boolean };

async function tryOnce<Request, Response>(
  pool: CoordinatorPool,
  member: Member,
  method: UnaryMethod<Request, Response>,
  request: Request,
  policy: UnaryPolicy,
): Promise<Try<Response>> {
  const connected = await member.connection.connected(Math.min(connectTimeoutMs, policy.deadlineMs));
  if (connected) pool.reached();
  if (!connected && !policy.repeatable)
    return { error: new HoldfastError("unavailable", "cannot be connected to"), final: false, answered: false };
  try {
    // Without a connection the call fails at once, and says why.
    const deadlineMs = connected ? policy.deadlineMs : Math.min(policy.deadlineMs, connectTimeoutMs);
    return { response: await invoke(member.connection, method, request, deadlineMs, policy.signal) };
  } catch (thrown) {
    const error = callError(thrown);
    const passing = isPassing(error) || (error.code === "deadlineExceeded" && (!connected || policy.repeatable));
    const notCarriedOut = policy.repeatable || (error.code === "unavailable" && error.retryAfterMs !== undefined);
    return { error, final: !(passing && notCarriedOut), answered: !passing };
  }
}

/** One call at one coordinator. @throws HoldfastError */
export function invoke<Request, Response>(
  connection: Connection,
  method: UnaryMethod<Request, Response>,
  request: Request,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(cancelledByCaller());
    const options = { deadline: Date.now() + deadlineMs };
    const call = method(connection, request, new Metadata(), options, (error, response) => {
      signal?.removeEventListener("abort", cancel);
      if (error !== null) reject(callError(error));
      else resolve(response as Response);
    });
    const cancel = () => call.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
  });
}
