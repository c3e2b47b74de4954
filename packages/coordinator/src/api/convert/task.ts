/** Tasks as clients see them. */
import type { Attempt } from "@holdfast/shared/contract/generated/holdfast/v1/Attempt.ts";
import type { Task } from "@holdfast/shared/contract/generated/holdfast/v1/Task.ts";
import type { TaskSpec } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import type { TaskStateCount } from "@holdfast/shared/contract/generated/holdfast/v1/TaskStateCount.ts";
import type { AttemptRecord, PlacementConstraint, TaskRecord, TaskState } from "../../core/record.ts";
import { attemptStateNames, taskStateNames } from "./states.ts";

export function taskMessage(task: TaskRecord, spec: TaskSpec | undefined): Task {
  return {
    id: task.id,
    namespace: task.namespace,
    ...(spec === undefined ? {} : { spec }),
    state: taskStateNames[task.state],
    reason: task.reason,
    held: task.held,
    requestId: task.requestId,
    batchId: task.batchId,
    submittedAtMs: task.submittedAtMs,
    startedAtMs: task.startedAtMs,
    endedAtMs: task.endedAtMs,
    attempts: task.attempts.map(attemptMessage),
    failures: task.failures,
    eligibleAtMs: task.state === "pending" ? task.eligibleAtMs : 0,
  };
}

function attemptMessage(attempt: AttemptRecord): Attempt {
  const devices = Object.entries(attempt.devices).map(([name, numbers]) => [name, { numbers: [...numbers] }]);
  return {
    number: attempt.number,
    nodeId: attempt.nodeId,
    state: attemptStateNames[attempt.state],
    reason: attempt.reason,
    placedAtMs: attempt.placedAtMs,
    startedAtMs: attempt.startedAtMs,
    endedAtMs: attempt.endedAtMs,
    ...(attempt.exitCode === null ? {} : { exitCode: attempt.exitCode }),
    signal: attempt.signal,
    devices: Object.fromEntries(devices),
    usage: attempt.usage,
  };
}

const operatorNames = {
  in: "OPERATOR_IN",
  notIn: "OPERATOR_NOT_IN",
  exists: "OPERATOR_EXISTS",
  notExists: "OPERATOR_NOT_EXISTS",
} as const;

export function constraintMessage({ key, operator, values }: PlacementConstraint) {
  return { key, operator: operatorNames[operator], values: [...values] };
}

/** What is known of a task's spec without its body: everything but what it executes. */
export function headerSpec(task: TaskRecord): TaskSpec {
  return {
    name: task.name,
    timeoutMs: task.timeoutMs,
    priority: task.priority,
    labels: task.labels,
    constraints: task.constraints.map(constraintMessage),
    resources: task.resources,
    retry: {
      maxRetries: task.maxRetries,
      backoffMs: task.backoffMs,
      backoffMaxMs: task.backoffMaxMs,
      finalExitCodes: [...task.finalExitCodes],
    },
    stopGraceMs: task.stopGraceMs,
    exclusive: task.exclusive,
  };
}

export function stateCounts(counts: ReadonlyMap<TaskState, number>): TaskStateCount[] {
  return [...counts]
    .filter(([, count]) => count > 0)
    .map(([state, count]) => ({ state: taskStateNames[state], count }));
}

/** At most so many bytes on the wire, without its spec or with `headerSpec`; rough, but never far too small. */
export function approximateBytes(task: TaskRecord): number {
  let bytes = 400 + textBytes(task.reason) + 2 * task.name.length + task.requestId.length;
  for (const [key, value] of Object.entries(task.labels)) bytes += key.length + value.length + 8;
  for (const constraint of task.constraints) {
    bytes += constraint.key.length + 8;
    for (const value of constraint.values) bytes += textBytes(value) + 4;
  }
  for (const attempt of task.attempts) bytes += 160 + attempt.nodeId.length + textBytes(attempt.reason);
  return bytes + 3 * task.finalExitCodes.length;
}

/** UTF-8 takes three bytes for a UTF-16 unit at most. */
function textBytes(text: string): number {
  return 3 * text.length;
}
