/** States as the core names them, to and from the names of the contract. */
import type { AttemptState__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptState.ts";
import type { NodeState__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeState.ts";
import type { TaskState__Output } from "@holdfast/shared/contract/generated/holdfast/v1/TaskState.ts";
import type { AttemptState, TaskState } from "../../core/record.ts";
import type { NodeState } from "../backend.ts";

export const taskStateNames: Readonly<Record<TaskState, TaskState__Output>> = {
  pending: "TASK_STATE_PENDING",
  placed: "TASK_STATE_PLACED",
  starting: "TASK_STATE_STARTING",
  running: "TASK_STATE_RUNNING",
  stopping: "TASK_STATE_STOPPING",
  succeeded: "TASK_STATE_SUCCEEDED",
  failed: "TASK_STATE_FAILED",
  cancelled: "TASK_STATE_CANCELLED",
  timedOut: "TASK_STATE_TIMED_OUT",
};

export const attemptStateNames: Readonly<Record<AttemptState, AttemptState__Output>> = {
  placed: "ATTEMPT_STATE_PLACED",
  starting: "ATTEMPT_STATE_STARTING",
  running: "ATTEMPT_STATE_RUNNING",
  stopping: "ATTEMPT_STATE_STOPPING",
  succeeded: "ATTEMPT_STATE_SUCCEEDED",
  failed: "ATTEMPT_STATE_FAILED",
  timedOut: "ATTEMPT_STATE_TIMED_OUT",
  cancelled: "ATTEMPT_STATE_CANCELLED",
  lost: "ATTEMPT_STATE_LOST",
  refused: "ATTEMPT_STATE_REFUSED",
};

export const nodeStateNames: Readonly<Record<NodeState, NodeState__Output>> = {
  ready: "NODE_STATE_READY",
  suspect: "NODE_STATE_SUSPECT",
  lost: "NODE_STATE_LOST",
  away: "NODE_STATE_AWAY",
  cutOff: "NODE_STATE_CUT_OFF",
};

const taskStates = inverse(taskStateNames);
const nodeStates = inverse(nodeStateNames);

/** Undefined for a name that is not a state, UNSPECIFIED included. */
export function taskStateOf(name: string): TaskState | undefined {
  return taskStates.get(name);
}

/** Undefined for a name that is not a state, UNSPECIFIED included. */
export function nodeStateOf(name: string): NodeState | undefined {
  return nodeStates.get(name);
}

function inverse<State extends string>(names: Readonly<Record<State, string>>): ReadonlyMap<string, State> {
  return new Map((Object.entries(names) as [State, string][]).map(([state, name]) => [name, state]));
}
