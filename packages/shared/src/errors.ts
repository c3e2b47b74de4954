/**
 * The closed set of errors that Holdfast tells to others, and their one mapping to gRPC status and exit codes.
 *
 * A message says what was wrong, where, and what to do. Anything that is not a HoldfastError is a defect or a fault of
 * the machine, and is told to callers as "internal" without its text.
 */
import { status } from "@grpc/grpc-js";

const codes = {
  invalidArgument: { grpc: status.INVALID_ARGUMENT, exit: 5 },
  notFound: { grpc: status.NOT_FOUND, exit: 3 },
  alreadyExists: { grpc: status.ALREADY_EXISTS, exit: 5 },
  failedPrecondition: { grpc: status.FAILED_PRECONDITION, exit: 5 },
  outOfRange: { grpc: status.OUT_OF_RANGE, exit: 5 },
  resourceExhausted: { grpc: status.RESOURCE_EXHAUSTED, exit: 5 },
  permissionDenied: { grpc: status.PERMISSION_DENIED, exit: 5 },
  unauthenticated: { grpc: status.UNAUTHENTICATED, exit: 5 },
  unavailable: { grpc: status.UNAVAILABLE, exit: 4 },
  deadlineExceeded: { grpc: status.DEADLINE_EXCEEDED, exit: 6 },
  cancelled: { grpc: status.CANCELLED, exit: 1 },
  unimplemented: { grpc: status.UNIMPLEMENTED, exit: 1 },
  internal: { grpc: status.INTERNAL, exit: 1 },
} as const;

export type ErrorCode = keyof typeof codes;

/** One field of a request that is at fault: its path (`spec.argv[3]`) and what is wrong with it. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

export interface ErrorDetails {
  readonly fields?: readonly FieldViolation[];
  /** When a repeat may succeed. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

export class HoldfastError extends Error {
  override readonly name = "HoldfastError";
  readonly code: ErrorCode;
  readonly fields: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.fields = details.fields ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The error for one wrong field. */
export function invalidField(field: string, description: string): HoldfastError {
  return new HoldfastError("invalidArgument", `${field}: ${description}`, { fields: [{ field, description }] });
}

export function grpcStatusOf(code: ErrorCode): status {
  return codes[code].grpc;
}

export function exitCodeOf(code: ErrorCode): number {
  return codes[code].exit;
}

/** The code for a gRPC status, "internal" for those that Holdfast never sends. */
export function codeOfGrpcStatus(grpc: status): ErrorCode {
  for (const [code, mapping] of Object.entries(codes)) if (mapping.grpc === grpc) return code as ErrorCode;
  return "internal";
}
