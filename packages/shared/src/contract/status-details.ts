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

/**
 * gRPC's C core and Java take 8 KiB of trailers; of a call that brings more they tell RESOURCE_EXHAUSTED instead of its own
 * status. On the wire the message grows threefold at most (percent-encoding), and stands in the details too; the details
 * grow by a third (base64).
 */
const maxMessageBytes = 1_000;
const maxViolations = 20;
const maxViolationsBytes = 2_000;
const maxFieldBytes = 300;
const maxDescriptionBytes = 700;

interface Any {
  readonly type_url: string;
  readonly value: Buffer;
}

/** The form that grpc-js servers send: status code, message, and the details as trailers. */
export function toServiceError(error: HoldfastError): ServiceError {
  const code = grpcStatusOf(error.code);
  const details = clipped(error.message, maxMessageBytes);
  const metadata = new Metadata();
  metadata.set(trailer, encodeDetails(code, details, error));
  return Object.assign(new Error(details), { code, details, metadata });
}

function encodeDetails(code: status, message: string, error: HoldfastError): Buffer {
  const details: Any[] = [
    pack("ErrorInfo", errorInfoCodec.encode({ reason: status[code] ?? "UNKNOWN", domain, metadata: {} })),
  ];
  if (error.fields.length > 0) {
    details.push(pack("BadRequest", badRequestCodec.encode({ fieldViolations: listed(error.fields) })));
  }
  if (error.retryAfterMs !== undefined) {
    details.push(pack("RetryInfo", retryInfoCodec.encode({ retryDelay: durationOf(error.retryAfterMs) })));
  }
  return statusCodec.encode({ code, message, details });
}

/** As many as there is room for, the first in any case. */
function listed(fields: readonly FieldViolation[]): FieldViolation[] {
  const told: FieldViolation[] = [];
  let bytes = 0;
  for (const violation of fields.slice(0, maxViolations)) {
    const field = clipped(violation.field, maxFieldBytes);
    const description = clipped(violation.description, maxDescriptionBytes);
    bytes += Buffer.byteLength(field) + Buffer.byteLength(description);
    if (told.length > 0 && bytes > maxViolationsBytes) break;
    told.push({ field, description });
  }
  return told;
}

function pack(name: string, value: Buffer): Any {
  return { type_url: typePrefix + name, value };
}

function durationOf(milliseconds: number): { seconds: number; nanos: number } {
  return { seconds: Math.floor(milliseconds / 1000), nanos: Math.round((milliseconds % 1000) * 1e6) };
}

function clipped(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text.slice(0, maxBytes));
  if (text.length <= maxBytes && bytes.length <= maxBytes) return text;
  // As a stream, so that a character that was cut in two is left out.
  return `${new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true })}…`;
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
