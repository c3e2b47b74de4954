/**
 * HoldfastError to and from the wire. Beside code and message, a status carries a `google.rpc.Status` in the trailer
 * `grpc-status-details-bin`: BadRequest names the fields at fault, RetryInfo says when a repeat may succeed, ErrorInfo
 * says which of Holdfast's errors it is.
 */
import { type StatusObject as GrpcStatus, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { codeOfGrpcStatus, type FieldViolation, grpcStatusOf, HoldfastError } from "../errors.ts";
import { badRequestCodec, errorInfoCodec, retryInfoCodec, statusCodec } from "./load.ts";

const trailer = "grpc-status-details-bin";
const domain = "holdfast.v1";
const typePrefix = "type.googleapis.com/google.rpc.";

/** HTTP/2 peers refuse large header blocks: more violations than this are counted, not listed. */
const maxViolations = 20;
const maxTextLength = 2_000;

interface Any {
  readonly type_url: string;
  readonly value: Buffer;
}

/** The form that grpc-js servers send: status code, message, and the details as trailers. */
export function toServiceError(error: HoldfastError): ServiceError {
  const code = grpcStatusOf(error.code);
  const details = clipped(error.message);
  const metadata = new Metadata();
  metadata.set(trailer, encodeDetails(code, details, error));
  return Object.assign(new Error(details), { code, details, metadata });
}

function encodeDetails(code: status, message: string, error: HoldfastError): Buffer {
  const details: Any[] = [
    pack("ErrorInfo", errorInfoCodec.encode({ reason: status[code] ?? "UNKNOWN", domain, metadata: {} })),
  ];
  if (error.fields.length > 0) {
    const fieldViolations = error.fields
      .slice(0, maxViolations)
      .map(({ field, description }) => ({ field: clipped(field), description: clipped(description) }));
    details.push(pack("BadRequest", badRequestCodec.encode({ fieldViolations })));
  }
  if (error.retryAfterMs !== undefined) {
    details.push(pack("RetryInfo", retryInfoCodec.encode({ retryDelay: durationOf(error.retryAfterMs) })));
  }
  return statusCodec.encode({ code, message, details });
}

function pack(name: string, value: Buffer): Any {
  return { type_url: typePrefix + name, value };
}

function durationOf(milliseconds: number): { seconds: number; nanos: number } {
  return { seconds: Math.floor(milliseconds / 1000), nanos: Math.round((milliseconds % 1000) * 1e6) };
}

function clipped(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}

/** What a failed call says, with its details when they are there and can be read. */
export function fromServiceError(error: ServiceError | GrpcStatus): HoldfastError {
  const code = codeOfGrpcStatus(error.code);
  const { fields, retryAfterMs } = decodeDetails(error.metadata);
  return new HoldfastError(code, error.details || `the call failed with ${status[error.code] ?? error.code}`, {
    fields,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

interface Details {
  readonly fields: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;
}

const noDetails: Details = { fields: [], retryAfterMs: undefined };

function decodeDetails(metadata: Metadata | undefined): Details {
  const bytes = metadata?.get(trailer)[0];
  if (bytes === undefined || typeof bytes === "string") return noDetails;
  try {
    return readDetails(bytes);
  } catch {
    // The details belong to somebody else's protocol; code and message still stand.
    return noDetails;
  }
}

function readDetails(bytes: Buffer): Details {
  let fields: FieldViolation[] = [];
  let retryAfterMs: number | undefined;
  for (const detail of statusCodec.decode(bytes).details ?? []) {
    const { type_url: type, value } = detail as Partial<Any>;
    if (value === undefined) continue;
    if (type === `${typePrefix}BadRequest`) {
      const violations = badRequestCodec.decode(value).fieldViolations ?? [];
      fields = violations.map(({ field = "", description = "" }) => ({ field, description }));
    } else if (type === `${typePrefix}RetryInfo`) {
      const { seconds = 0, nanos = 0 } = retryInfoCodec.decode(value).retryDelay ?? {};
      retryAfterMs = seconds * 1000 + Math.round(nanos / 1e6);
    }
  }
  return { fields, retryAfterMs };
}
