/** Waiting for tasks and batches to end. */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { GetTaskBatchResponse, Task } from "@holdfast/shared/client/messages.ts";
import { taskHasEnded } from "@holdfast/shared/client/task-states.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";

/** @returns the ended task, without its spec */
export async function waitForTask(client: HoldfastClient, taskId: string, signal?: AbortSignal): Promise<Task> {
  let latest: Task | undefined;
  for await (const { tasks = [] } of client.tasks.watch({ taskId, untilEnded: true }, signal))
    latest = tasks.at(-1) ?? latest;
  if (latest === undefined) throw new HoldfastError("internal", `the watch of task ${taskId} ended without its state`);
  return latest;
}

export interface BatchProgress {
  readonly ended: number;
  readonly succeeded: number;
}

/** @returns the batch's counts when all of its tasks have ended */
export async function waitForBatch(
  client: HoldfastClient,
  batchId: string,
  onProgress: (progress: BatchProgress) => void,
  signal?: AbortSignal,
): Promise<GetTaskBatchResponse> {
  const ended = new Set<string>();
  let succeeded = 0;
  let minRevision = "";
  const request = { filter: { batchId }, untilEnded: true };
  for await (const { tasks = [], revision } of client.tasks.watch(request, signal)) {
    for (const task of tasks) {
      if (task.id === undefined || !taskHasEnded(task) || ended.has(task.id)) continue;
      ended.add(task.id);
      if (task.state === "TASK_STATE_SUCCEEDED") succeeded++;
    }
    minRevision = revision || minRevision;
    onProgress({ ended: ended.size, succeeded });
  }
  return await client.tasks.getBatch({ batchId, minRevision }, { signal });
}

export function allSucceeded(batch: GetTaskBatchResponse): boolean {
  const succeeded = batch.counts?.find(({ state }) => state === "TASK_STATE_SUCCEEDED")?.count ?? 0;
  return succeeded === (batch.total ?? 0);
}
