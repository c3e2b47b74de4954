/** What `run` ends with: the task's own code where it has one. */
import { constants } from "node:os";
import type { Task } from "@holdfast/shared/client/messages.ts";

const timedOutExitCode = 124;
export const interruptedExitCode = 130;

/**
 * The code of an ended task: the last attempt's exit code, or 128 + the number of the signal that ended it; 124 when it
 * timed out; 1 when it failed or was cancelled without a process that could say more.
 */
export function exitCodeOfTask(task: Task): number {
  if (task.state === "TASK_STATE_SUCCEEDED") return 0;
  if (task.state === "TASK_STATE_TIMED_OUT") return timedOutExitCode;
  const last = task.attempts?.at(-1);
  if (last?.signal) return 128 + (signalNumbers[last.signal] ?? 0);
  return last?.exitCode || 1;
}

const signalNumbers: Readonly<Record<string, number>> = constants.signals;
