/** Task states by the words that people use: `running`, `timed-out`; `active` and `ended` stand for several. */

import type { TaskState } from "@holdfast/shared/client/messages.ts";
import { InvalidArgumentError } from "commander";

const states: Readonly<Record<string, readonly TaskState[]>> = {
  pending: ["TASK_STATE_PENDING"],
  placed: ["TASK_STATE_PLACED"],
  starting: ["TASK_STATE_STARTING"],
  running: ["TASK_STATE_RUNNING"],
  stopping: ["TASK_STATE_STOPPING"],
  succeeded: ["TASK_STATE_SUCCEEDED"],
  failed: ["TASK_STATE_FAILED"],
  cancelled: ["TASK_STATE_CANCELLED"],
  "timed-out": ["TASK_STATE_TIMED_OUT"],
  active: [
    "TASK_STATE_PENDING",
    "TASK_STATE_PLACED",
    "TASK_STATE_STARTING",
    "TASK_STATE_RUNNING",
    "TASK_STATE_STOPPING",
  ],
  ended: ["TASK_STATE_SUCCEEDED", "TASK_STATE_FAILED", "TASK_STATE_CANCELLED", "TASK_STATE_TIMED_OUT"],
};

export const stateWords = Object.keys(states);
export const activeStates = states["active"] as readonly TaskState[];

/** Repeatable, and several with commas. */
export function taskStates(text: string, before: readonly TaskState[] = []): TaskState[] {
  const chosen = text.split(",").flatMap((word) => {
    const found = states[word.trim().toLowerCase().replaceAll(/[_ ]/g, "-")];
    if (found === undefined) throw new InvalidArgumentError(`write one or more of ${stateWords.join(", ")}`);
    return found;
  });
  return [...new Set([...before, ...chosen])];
}
