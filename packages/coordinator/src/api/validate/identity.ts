/** Names by which requests refer to things: namespaces, ids, request ids, and the reasons that people give. */
import { invalidField } from "@holdfast/shared/errors.ts";
import { quoted } from "./violations.ts";

const namespacePattern = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const requestIdPattern = /^[\x20-\x7e]{1,128}$/;
const idPattern = /^[A-Za-z0-9._-]{1,128}$/;
const maxReasonLength = 1_000;

/** Empty means "default". */
export function checkNamespace(namespace: string | undefined): string {
  if (namespace === undefined || namespace === "") return "default";
  if (namespacePattern.test(namespace)) return namespace;
  throw invalidField(
    "namespace",
    `is ${quoted(namespace)}; use 1 to 63 of a-z 0-9 and -, with a letter or digit at both ends`,
  );
}

/** Empty means none. */
export function checkRequestId(requestId: string | undefined): string {
  if (requestId === undefined || requestId === "") return "";
  if (requestIdPattern.test(requestId)) return requestId;
  throw invalidField("request_id", `is ${quoted(requestId)}; use 1 to 128 printable ASCII characters`);
}

/** An id of a task, batch or node, or a task's name: whether there is such a one is not looked at. */
export function checkId(field: string, id: string | undefined): string {
  if (id === undefined || id === "") throw invalidField(field, "is missing");
  if (idPattern.test(id)) return id;
  throw invalidField(field, `is ${quoted(id)}; it must be 1 to 128 of A-Z a-z 0-9 . _ -`);
}

/** Reasons are shown on terminals: no control characters. Empty means none. */
export function checkReason(reason: string | undefined): string {
  if (reason === undefined) return "";
  if (reason.length > maxReasonLength) {
    throw invalidField("reason", `has ${reason.length} characters; at most ${maxReasonLength} are kept`);
  }
  if (/\p{Cc}/u.test(reason)) throw invalidField("reason", "has control characters; use one line of plain text");
  return reason;
}
