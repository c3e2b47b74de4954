/** The ids of the tasks that an answer to a write has told its client. */
import type { WriteAnswer } from "@holdfast/coordinator/core/event.ts";

export function submittedIds(answer: WriteAnswer): readonly string[] {
  if ("taskId" in answer) return [answer.taskId];
  if ("taskIds" in answer) return answer.taskIds.filter((taskId) => taskId !== "");
  return [];
}
