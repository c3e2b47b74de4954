/** What a failed call means for the next try. */
import type { ServiceError } from "@grpc/grpc-js";
import { fromServiceError } from "../contract/status-details.ts";
import { HoldfastError } from "../errors.ts";
import type { CoordinatorPool } from "./coordinator-pool.ts";

/** @throws what is neither a gRPC status nor a HoldfastError, unchanged: it is a defect */
export function callError(thrown: unknown): HoldfastError {
  if (thrown instanceof HoldfastError) return thrown;
  if (thrown instanceof Error && "code" in thrown && "details" in thrown)
    return fromServiceError(thrown as ServiceError);
  throw thrown;
}

/**
 * Whether another coordinator, or the same one later, may do better.
 *
 * Besides "unavailable" that is what becomes of a call whose coordinator died under it: the transport then reports the
 * stream's reset as cancelled or internal. (No coordinator cancels a call by itself, and the caller's own cancellation is
 * told apart by its signal.)
 */
export function isPassing(error: HoldfastError): boolean {
  if (error.code === "unavailable" || error.code === "cancelled") return true;
  return error.code === "internal" && /RST_STREAM/.test(error.message);
}

/** The error for a caller whose patience has ended. */
export function unreachable(pool: CoordinatorPool, last: HoldfastError | undefined): HoldfastError {
  const message = pool.everReached ? "no coordinator could answer in time" : "no coordinator can be reached";
  return new HoldfastError(
    last?.code === "deadlineExceeded" ? "deadlineExceeded" : "unavailable",
    `${message} (${pool.describeFailures()})`,
    { cause: last, ...(last?.retryAfterMs === undefined ? {} : { retryAfterMs: last.retryAfterMs }) },
  );
}
