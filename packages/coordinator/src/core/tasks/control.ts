/** What a submitter asks of tasks that are there: cancel, hold, release. */
import type { WriteRequest } from "../event.ts";
import type { AttemptRecord, TaskRecord } from "../record.ts";
import { isEnded } from "../record.ts";
import { currentAttempt, type Turn } from "../turn.ts";
import { matches } from "./selection.ts";
import { refuseUnknown } from "./submission.ts";
import { endTask, stopAttempt } from "./transitions.ts";

/** So many tasks at most change in one commit. */
const cancelLimit = 1_000;

export function cancel(turn: Turn, callId: number, request: WriteRequest<"cancel">): void {
  const { namespace, target, reason } = request;
  if ("taskId" in target) {
    const task = turn.state.findTask(target.taskId);
    if (task === undefined || task.namespace !== namespace) {
      return refuseUnknown(turn, callId, namespace, target.taskId);
    }
    return turn.answer(callId, { affected: cancelTask(turn, task, reason) ? 1 : 0, more: false });
  }
  let affected = 0;
  for (const task of [...turn.state.tasks.values()]) {
    if (task.namespace !== namespace || !matches(task, target.selection)) continue;
    if (affected === cancelLimit) return turn.answer(callId, { affected, more: true });
    if (cancelTask(turn, task, reason)) affected += 1;
  }
  turn.answer(callId, { affected, more: false });
}

/** False when there is nothing to do: it has ended, or is being stopped already. */
export function cancelTask(turn: Turn, task: TaskRecord, reason: string): boolean {
  const attempt = currentAttempt(task);
  if (isEnded(task.state) || isEnding(task, attempt)) return false;
  const why = reason === "" ? "cancelled on request" : `cancelled: ${reason}`;
  if (task.state === "pending" || attempt === undefined) endTask(turn, task, "cancelled", why);
  else turn.putTask({ ...stopAttempt(turn, task, attempt, "cancelled", why), state: "stopping", reason: why });
  return true;
}

/** It is stopped in order to end. An attempt that is stopped for a drain is not: its task would go on elsewhere. */
function isEnding(task: TaskRecord, attempt: AttemptRecord | undefined): boolean {
  return task.state === "stopping" && attempt?.stop !== "drained" && attempt?.stop !== "superseded";
}

export function hold(turn: Turn, callId: number, request: WriteRequest<"hold">): void {
  const task = liveTask(turn, callId, request);
  if (task === undefined) return;
  if (!task.held) turn.putTask({ ...task, held: true });
  turn.answer(callId, {});
}

export function release(turn: Turn, callId: number, request: WriteRequest<"release">): void {
  const task = liveTask(turn, callId, request);
  if (task === undefined) return;
  if (task.held) turn.putTask({ ...task, held: false });
  turn.answer(callId, {});
}

function liveTask(turn: Turn, callId: number, request: WriteRequest<"hold" | "release">): TaskRecord | undefined {
  const task = turn.state.findTask(request.taskId);
  if (task === undefined || task.namespace !== request.namespace) {
    refuseUnknown(turn, callId, request.namespace, request.taskId);
    return undefined;
  }
  if (!isEnded(task.state)) return task;
  turn.refuse(callId, "failedPrecondition", `task ${task.id} has ended: it is ${task.state}`);
  return undefined;
}
