/** What changes tasks; performed by the leader only. */
import type { TaskServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/TaskService.ts";
import type { TaskSpec__Output } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import { type ItemError, isItemError, type NewTask, type WriteRequest } from "../core/event.ts";
import type { Backend } from "./backend.ts";
import type { IdGenerator } from "./ids.ts";
import type { UnaryMethods } from "./methods.ts";
import { findTask } from "./reads.ts";
import { batchHash, bodyHash } from "./validate/body-hash.ts";
import { checkNotEmpty, checkTaskFilter } from "./validate/filter.ts";
import { checkId, checkNamespace, checkReason, checkRequestId } from "./validate/identity.ts";
import { newTask } from "./validate/task-spec.ts";
import { Violations } from "./validate/violations.ts";

type Methods = UnaryMethods<TaskServiceHandlers>;

const maxBatchTasks = 1_000;
const maxCancelled = 10_000;

export function submitTask(backend: Backend, ids: IdGenerator): Methods["Submit"] {
  return async (request) => {
    const namespace = checkNamespace(request.namespace);
    const requestId = checkRequestId(request.requestId);
    if (request.spec === undefined) throw invalidField("spec", "is missing");
    const task = newTask(ids.next(), request.spec, backend.exclusiveKillMs);
    if (task instanceof Violations) throw task.error("spec.");
    const { answer, revision } = await backend.write({ kind: "submit", namespace, requestId, task });
    return { taskId: answer.taskId, revision };
  };
}

export function submitBatch(backend: Backend, ids: IdGenerator): Methods["SubmitBatch"] {
  return async (request) => {
    const namespace = checkNamespace(request.namespace);
    const requestId = checkRequestId(request.requestId);
    const adds = request.batchId !== undefined && request.batchId !== "";
    const batchId = adds ? checkId("batch_id", request.batchId) : ids.next();
    const allowPartial = request.allowPartial ?? false;
    const specs = request.specs ?? [];
    checkBatchSize(specs.length);
    const items = specs.map((spec) => itemOf(spec, ids, backend.exclusiveKillMs));
    if (!allowPartial) refuseIfAny(items);
    const write = {
      kind: "submitBatch",
      namespace,
      requestId,
      batchId,
      adds,
      allowPartial,
      items,
      bodyHash: batchHash(
        items.map((item, index) => ("message" in item ? bodyHash(specs[index] ?? {}) : item.bodyHash)),
      ),
    } satisfies WriteRequest<"submitBatch">;
    const { answer, revision } = await backend.write<"submitBatch">(write);
    return { batchId: answer.batchId, revision, taskIds: [...answer.taskIds], errors: [...answer.errors] };
  };
}

function checkBatchSize(count: number): void {
  if (count === 0) throw invalidField("specs", "is empty");
  if (count > maxBatchTasks) {
    throw invalidField("specs", `has ${count} entries; send at most ${maxBatchTasks} in one call, more with batch_id`);
  }
}

/** The first thing that is wrong with a spec stands for it: one error an item is what the answer has room for. */
function itemOf(spec: TaskSpec__Output, ids: IdGenerator, exclusiveKillMs: number): NewTask | ItemError {
  const task = newTask(ids.next(), spec, exclusiveKillMs);
  if (!(task instanceof Violations)) return task;
  const { field = "", description = "is wrong" } = task.fields[0] ?? {};
  return { field, message: description };
}

function refuseIfAny(items: readonly (NewTask | ItemError)[]): void {
  const violations = new Violations();
  for (const [index, item] of items.entries()) {
    if (isItemError(item)) violations.add(`specs[${index}].${item.field}`, item.message);
  }
  violations.throwIfAny();
}

/** In one call, as many commits as it takes: the core cancels a bounded number in each. */
export function cancelTasks(backend: Backend): Methods["Cancel"] {
  return async (request) => {
    const namespace = checkNamespace(request.namespace);
    const reason = checkReason(request.reason);
    if (request.target === undefined) throw invalidField("target", "is missing: name a task_id or a filter");
    const target =
      request.target === "taskId"
        ? { taskId: checkId("task_id", request.taskId) }
        : { selection: checkNotEmpty(checkTaskFilter(request.filter)) };
    let affected = 0;
    for (;;) {
      const { answer, revision } = await backend.write({ kind: "cancel", namespace, target, reason });
      affected += answer.affected;
      const more = answer.more && answer.affected > 0;
      if (!more || affected >= maxCancelled) return { affected, more: answer.more, revision };
    }
  };
}

export function retryTask(backend: Backend, ids: IdGenerator): Methods["Retry"] {
  return async (request) => {
    const namespace = checkNamespace(request.namespace);
    const taskId = checkId("task_id", request.taskId);
    const requestId = checkRequestId(request.requestId);
    await backend.read((view) => findTask(view, namespace, taskId));
    const body = await backend.readBody(taskId);
    if (body === null) {
      throw new HoldfastError("failedPrecondition", `what task ${taskId} executed is no longer kept; submit it anew`);
    }
    const write = { kind: "retry", namespace, taskId, requestId, newTaskId: ids.next(), body } as const;
    const { answer, revision } = await backend.write(write);
    return { taskId: answer.taskId, revision };
  };
}

export function holdTask(backend: Backend, kind: "hold" | "release"): Methods["Hold"] & Methods["Release"] {
  return async (request) => {
    const namespace = checkNamespace(request.namespace);
    const taskId = checkId("task_id", request.taskId);
    const { revision } = await backend.write({ kind, namespace, taskId });
    return { revision };
  };
}
