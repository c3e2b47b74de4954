/** Which states are ends: no task or attempt ever leaves them. */
import type { Attempt, TaskState } from "./messages.ts";

const endStates: ReadonlySet<string> = new Set<TaskState>([
  "TASK_STATE_SUCCEEDED",
  "TASK_STATE_FAILED",
  "TASK_STATE_CANCELLED",
  "TASK_STATE_TIMED_OUT",
]);

const attemptsUnderWay: ReadonlySet<string> = new Set<NonNullable<Attempt["state"]>>([
  "ATTEMPT_STATE_UNSPECIFIED",
  "ATTEMPT_STATE_PLACED",
  "ATTEMPT_STATE_STARTING",
  "ATTEMPT_STATE_RUNNING",
  "ATTEMPT_STATE_STOPPING",
]);

export function taskHasEnded(task: { readonly state?: TaskState }): boolean {
  return task.state !== undefined && endStates.has(task.state);
}

export function attemptHasEnded({ state }: Pick<Attempt, "state">): boolean {
  return state !== undefined && !attemptsUnderWay.has(state);
}
