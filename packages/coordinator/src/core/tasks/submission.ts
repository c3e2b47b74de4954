/** Taking tasks in: one, a batch, or one that has ended once more. */
import type { ErrorCode } from "@holdfast/shared/errors.ts";
import type { ItemError, NewTask, WriteRequest } from "../event.ts";
import { isItemError } from "../event.ts";
import { whyImpossible } from "../placement/fit.ts";
import type { TaskRecord } from "../record.ts";
import { isEnded } from "../record.ts";
import { requestKey } from "../state/state.ts";
import type { Turn } from "../turn.ts";

interface Origin {
  readonly namespace: string;
  readonly requestId: string;
  readonly batchId: string;
}

export function submit(turn: Turn, callId: number, request: WriteRequest<"submit">): void {
  const { namespace, requestId, task } = request;
  const known = requestId === "" ? undefined : turn.state.requests.get(requestKey(namespace, requestId));
  if (known !== undefined) {
    const same = turn.state.findTask(known)?.bodyHash === task.bodyHash;
    if (same) turn.answer(callId, { taskId: known });
    else refuseOtherBody(turn, callId, requestId, known);
    return;
  }
  if (refuseExclusive(turn, callId, task.exclusive ? "spec.exclusive" : null)) return;
  const record = recordOf(turn, task, { namespace, requestId, batchId: "" });
  const impossible = whyImpossible(turn.state, record);
  if (impossible !== null) {
    const field = `spec.${impossible.field}`;
    const fields = [{ field, description: impossible.message }];
    turn.refuse(callId, "invalidArgument", `${field}: ${impossible.message}`, fields);
    return;
  }
  accept(turn, record, task.body);
  turn.answer(callId, { taskId: task.id });
}

export function submitBatch(turn: Turn, callId: number, request: WriteRequest<"submitBatch">): void {
  const { namespace, requestId, batchId } = request;
  const known = requestId === "" ? undefined : turn.state.requests.get(requestKey(namespace, requestId));
  if (known !== undefined) {
    const batch = turn.state.batches.get(known);
    if (batch?.bodyHash !== request.bodyHash) return refuseOtherBody(turn, callId, requestId, known);
    return turn.answer(callId, { batchId: batch.batchId, taskIds: batch.taskIds, errors: batch.errors });
  }
  if (request.adds && turn.state.batches.get(batchId)?.namespace !== namespace) {
    return turn.refuse(callId, "notFound", `batch_id: there is no batch "${batchId}" in namespace "${namespace}"`);
  }
  const exclusiveIndex = request.items.findIndex((item) => !isItemError(item) && item.exclusive);
  if (refuseExclusive(turn, callId, exclusiveIndex < 0 ? null : `specs[${exclusiveIndex}].exclusive`)) return;
  const { accepted, errors, taskIds } = sortItems(turn, request);
  if (accepted.length === 0 || (errors.length > 0 && !request.allowPartial)) {
    return refuseItems(turn, callId, errors);
  }
  for (const { record, body } of accepted) accept(turn, record, body);
  const id = request.adds ? `${batchId}.${accepted[0]?.record.id}` : batchId;
  const submittedAtMs = turn.now.wallMs;
  const { bodyHash } = request;
  turn.put({
    kind: "batch",
    id,
    value: { version: 1, id, batchId, namespace, requestId, bodyHash, submittedAtMs, taskIds, errors },
  });
  turn.answer(callId, { batchId, taskIds, errors });
}

export function retry(turn: Turn, callId: number, request: WriteRequest<"retry">): void {
  const { namespace, taskId, newTaskId, requestId, body } = request;
  const known = requestId === "" ? undefined : turn.state.requests.get(requestKey(namespace, requestId));
  const old = turn.state.findTask(taskId);
  if (old === undefined || old.namespace !== namespace) return refuseUnknown(turn, callId, namespace, taskId);
  if (known !== undefined) {
    const same = turn.state.findTask(known)?.bodyHash === old.bodyHash;
    return same ? turn.answer(callId, { taskId: known }) : refuseOtherBody(turn, callId, requestId, known);
  }
  if (!isEnded(old.state)) {
    return turn.refuse(callId, "failedPrecondition", `task ${taskId} has not ended: it is ${old.state}`);
  }
  if (refuseExclusive(turn, callId, old.exclusive ? "task_id" : null)) return;
  if (refuseLongGrace(turn, callId, old)) return;
  const submittedAtMs = turn.now.wallMs;
  const queueTimeoutMs = old.queueDeadlineMs === 0 ? 0 : old.queueDeadlineMs - old.submittedAtMs;
  const fresh: TaskRecord = {
    ...old,
    state: "pending",
    held: false,
    submittedAtMs,
    queueDeadlineMs: queueTimeoutMs === 0 ? 0 : submittedAtMs + queueTimeoutMs,
    startedAtMs: 0,
    endedAtMs: 0,
    failures: 0,
    attempts: [],
    id: newTaskId,
    requestId,
    batchId: "",
    eligibleAtMs: 0,
    reason: `a new run of ${taskId}`,
  };
  accept(turn, fresh, body);
  turn.answer(callId, { taskId: newTaskId });
}

/** @param field what asks for an exclusive task; null: nothing. @returns true when it was refused */
function refuseExclusive(turn: Turn, callId: number, field: string | null): boolean {
  const { exclusiveObstacle } = turn.observation;
  if (field === null || exclusiveObstacle === "") return false;
  const description = `no exclusive tasks are taken: ${exclusiveObstacle}`;
  turn.refuse(callId, "failedPrecondition", `${field}: ${description}`, [{ field, description }]);
  return true;
}

/** Its body, with the stop grace in it, is from when it was submitted. @returns true when it was refused */
function refuseLongGrace(turn: Turn, callId: number, { id, exclusive, stopGraceMs }: TaskRecord): boolean {
  const { exclusiveKillMs } = turn.settings;
  if (!exclusive || stopGraceMs <= exclusiveKillMs) return false;
  const description = `the stop grace of ${id} is ${stopGraceMs} ms, and exclusiveKillMs has been lowered to ${exclusiveKillMs} since: submit it anew with less`;
  turn.refuse(callId, "failedPrecondition", `task_id: ${description}`, [{ field: "task_id", description }]);
  return true;
}

export function refuseUnknown(turn: Turn, callId: number, namespace: string, taskId: string): void {
  turn.refuse(callId, "notFound", `there is no task "${taskId}" in namespace "${namespace}"`);
}

function accept(turn: Turn, record: TaskRecord, body: string): void {
  turn.putTask(record);
  turn.put({ kind: "body", id: record.id, value: body });
}

function refuseOtherBody(turn: Turn, callId: number, requestId: string, known: string): void {
  const description = `"${requestId}" was used for ${known} with another body; use a new one for a new task`;
  turn.refuse(callId, "alreadyExists", `request_id: ${description}`, [{ field: "request_id", description }]);
}

function refuseItems(turn: Turn, callId: number, errors: readonly (ItemError & { index: number })[]): void {
  const code: ErrorCode = "invalidArgument";
  const fields = errors
    .slice(0, 100)
    .map(({ index, field, message }) => ({ field: `specs[${index}].${field}`, description: message }));
  const first = fields[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  turn.refuse(
    callId,
    code,
    first === undefined ? "specs: empty" : `${first.field}: ${first.description}${more}`,
    fields,
  );
}

function sortItems(turn: Turn, request: WriteRequest<"submitBatch">) {
  const accepted: { record: TaskRecord; body: string }[] = [];
  const errors: (ItemError & { index: number })[] = [];
  const taskIds: string[] = [];
  const origin: Origin = { namespace: request.namespace, requestId: "", batchId: request.batchId };
  for (const [index, item] of request.items.entries()) {
    const refused = isItemError(item) ? item : refusalOf(turn, item, origin, accepted);
    if (refused !== null) errors.push({ index, field: refused.field, message: refused.message });
    taskIds.push(refused === null ? (item as NewTask).id : "");
  }
  return { accepted, errors, taskIds };
}

function refusalOf(
  turn: Turn,
  item: NewTask,
  origin: Origin,
  accepted: { record: TaskRecord; body: string }[],
): ItemError | null {
  const record = recordOf(turn, item, origin);
  const impossible = whyImpossible(turn.state, record);
  if (impossible === null) accepted.push({ record, body: item.body });
  return impossible;
}

function recordOf(turn: Turn, task: NewTask, origin: Origin): TaskRecord {
  const { defaultCpuMillis, defaultMemoryBytes } = turn.settings;
  const { cpuMillis, memoryBytes, counts } = task.resources;
  return {
    version: 1,
    id: task.id,
    namespace: origin.namespace,
    name: task.name,
    state: "pending",
    held: false,
    submittedAtMs: turn.now.wallMs,
    queueDeadlineMs: task.queueTimeoutMs === 0 ? 0 : turn.now.wallMs + task.queueTimeoutMs,
    startedAtMs: 0,
    endedAtMs: 0,
    failures: 0,
    attempts: [],
    reason: "",
    priority: task.priority,
    requestId: origin.requestId,
    bodyHash: task.bodyHash,
    batchId: origin.batchId,
    eligibleAtMs: task.notBeforeMs > turn.now.wallMs ? task.notBeforeMs : 0,
    timeoutMs: task.timeoutMs,
    labels: task.labels,
    constraints: task.constraints,
    resources: {
      cpuMillis: cpuMillis === 0 ? defaultCpuMillis : cpuMillis,
      memoryBytes: memoryBytes === 0 ? defaultMemoryBytes : memoryBytes,
      counts,
    },
    maxRetries: task.maxRetries,
    backoffMs: task.backoffMs,
    backoffMaxMs: task.backoffMaxMs,
    finalExitCodes: task.finalExitCodes,
    stopGraceMs: task.stopGraceMs,
    exclusive: task.exclusive,
  };
}
