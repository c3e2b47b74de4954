/** The ids of tasks in calls and in the answers to them. */
import { isItemError, type WriteAnswer, type WriteRequest } from "@holdfast/coordinator/core/event.ts";

/** Of the tasks that an answer to a write has told its client. */
export function submittedIds(answer: WriteAnswer): readonly string[] {
  if ("taskId" in answer) return [answer.taskId];
  if ("taskIds" in answer) return answer.taskIds.filter((taskId) => taskId !== "");
  return [];
}

/** The ids that tasks get if the call makes any. */
export function newTaskIds(request: WriteRequest): readonly string[] {
  switch (request.kind) {
    case "submit":
      return [request.task.id];
    case "submitBatch":
      return request.items.flatMap((item) => (isItemError(item) ? [] : [item.id]));
    case "retry":
      return [request.newTaskId];
    default:
      return [];
  }
}
