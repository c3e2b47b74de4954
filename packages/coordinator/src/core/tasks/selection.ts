/** Which tasks a filter selects. */
import type { TaskSelection } from "../event.ts";
import type { TaskRecord } from "../record.ts";
import { currentAttempt } from "../turn.ts";

export function matches(task: TaskRecord, selection: TaskSelection): boolean {
  const { states, labels, batchId, nodeId, name } = selection;
  if (states !== undefined && states.length > 0 && !states.includes(task.state)) return false;
  if (batchId !== undefined && task.batchId !== batchId) return false;
  if (name !== undefined && task.name !== name) return false;
  if (nodeId !== undefined && currentAttempt(task)?.nodeId !== nodeId) return false;
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!Object.hasOwn(task.labels, key) || task.labels[key] !== value) return false;
  }
  return true;
}
