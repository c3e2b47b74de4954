/** Get, GetBatch, List and Explain: answered from this coordinator's replica. */
import type { TaskServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/TaskService.ts";
import type { TaskSpec } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { isEnded, type TaskRecord } from "../core/record.ts";
import type { Backend, BatchView } from "./backend.ts";
import { headerSpec, stateCounts, taskMessage } from "./convert/task.ts";
import type { UnaryMethods } from "./methods.ts";
import { findTask, readAt, readInfo } from "./reads.ts";
import { scanTasks } from "./task-scan.ts";
import { checkTaskFilter } from "./validate/filter.ts";
import { checkId, checkNamespace } from "./validate/identity.ts";
import { checkPageSize, checkPageToken, pageToken } from "./validate/paging.ts";

type Methods = UnaryMethods<TaskServiceHandlers>;

export function getTask(backend: Backend): Methods["Get"] {
  return async (request, call) => {
    const namespace = checkNamespace(request.namespace);
    const taskId = checkId("task_id", request.taskId);
    const { task, read } = await readAt(backend, request.minRevision, call, (view) => ({
      task: findTask(view, namespace, taskId),
      read: readInfo(backend, view),
    }));
    return { task: taskMessage(task, await specOf(backend, task)), read };
  };
}

/**
 * What an ended task executed is kept by the storage alone. While that is away, and when the task was forgotten between the
 * two reads, its header still says how it ended.
 */
async function specOf(backend: Backend, task: TaskRecord): Promise<TaskSpec> {
  try {
    const body = await backend.readBody(task.id);
    if (body !== null) return JSON.parse(body) as TaskSpec;
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.code !== "unavailable") throw error;
  }
  return headerSpec(task);
}

export function listTasks(backend: Backend): Methods["List"] {
  return async (request, call) => {
    const newestFirst = request.newestFirst ?? false;
    const scan = {
      namespace: checkNamespace(request.namespace),
      selection: checkTaskFilter(request.filter),
      after: checkPageToken(request.pageToken, newestFirst),
      newestFirst,
      maxTasks: checkPageSize(request.pageSize),
    };
    return readAt(backend, request.minRevision, call, (view) => {
      const { tasks, next } = scanTasks(view, scan);
      return {
        tasks: tasks.map((task) => taskMessage(task, headerSpec(task))),
        nextPageToken: next === null ? "" : pageToken(next, newestFirst),
        read: readInfo(backend, view),
      };
    });
  };
}

export function getBatch(backend: Backend): Methods["GetBatch"] {
  return async (request, call) => {
    const namespace = checkNamespace(request.namespace);
    const batchId = checkId("batch_id", request.batchId);
    return readAt(backend, request.minRevision, call, (view) => {
      const batch = view.batch(batchId);
      if (batch === undefined || batch.namespace !== namespace) {
        throw new HoldfastError("notFound", `there is no batch "${batchId}" in namespace "${namespace}"`);
      }
      const { submittedAtMs, total, counts } = batch;
      const progress = { submittedAtMs, total, ended: total - unended(batch), counts: stateCounts(counts) };
      return { batchId, namespace, ...progress, read: readInfo(backend, view) };
    });
  };
}

/** A task that is no longer kept has ended. */
function unended({ counts }: BatchView): number {
  let sum = 0;
  for (const [state, count] of counts) if (!isEnded(state)) sum += count;
  return sum;
}

export function explainTask(backend: Backend): Methods["Explain"] {
  return async (request, call) => {
    const namespace = checkNamespace(request.namespace);
    const taskId = checkId("task_id", request.taskId);
    return readAt(backend, undefined, call, (view) => {
      findTask(view, namespace, taskId);
      const { summary, nodes, remedies, queuePosition } = view.explain(taskId);
      return {
        summary,
        nodes: nodes.map(({ nodeId, fits, obstacles }) => ({ nodeId, fits, obstacles: [...obstacles] })),
        remedies: [...remedies],
        queuePosition,
        read: readInfo(backend, view),
      };
    });
  };
}
