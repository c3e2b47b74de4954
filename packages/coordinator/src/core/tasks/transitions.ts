/**
 * How a task moves on: from the end or loss of an attempt to its next attempt or its own end.
 *
 * pending → placed → starting → running → succeeded | failed | cancelled | timedOut; `stopping` comes before the last two
 * when there are processes to stop. Terminal states never change; a task that has ended may still have an attempt that is
 * being stopped.
 */
import type { AttemptRecord, StopCause, TaskRecord, TaskState } from "../record.ts";
import { isEnded, isEndedAttempt } from "../record.ts";
import { currentAttempt, type Turn, withAttempt } from "../turn.ts";

type EndState = Extract<TaskState, "succeeded" | "failed" | "cancelled" | "timedOut">;

/** Ends the task, and stops what else runs of it. */
export function endTask(turn: Turn, task: TaskRecord, state: EndState, reason: string): void {
  let ended: TaskRecord = { ...task, state, reason, endedAtMs: turn.now.wallMs, held: false };
  for (const attempt of task.attempts) {
    if (isEndedAttempt(attempt.state)) continue;
    ended = stopAttempt(turn, ended, attempt, "superseded", "the task has ended");
  }
  turn.putTask(ended);
}

/** Back into the queue for another attempt; `eligibleAtMs` 0: at once. */
export function requeue(turn: Turn, task: TaskRecord, eligibleAtMs: number, reason: string): void {
  turn.putTask({ ...task, state: "pending", reason, eligibleAtMs });
}

/** Gives the order to stop an attempt; the caller puts the task that is returned. */
export function stopAttempt(
  turn: Turn,
  task: TaskRecord,
  attempt: AttemptRecord,
  cause: StopCause,
  reason: string,
): TaskRecord {
  turn.tell({ kind: "stop", nodeId: attempt.nodeId, taskId: task.id, attempt: attempt.number, cause, reason });
  return withAttempt(task, attempt.number, { state: "stopping", stop: cause, reason });
}

/** Repeats the order to stop an attempt: it was not heard, or has not worked yet. */
export function stopAgain(turn: Turn, task: TaskRecord, attempt: AttemptRecord): void {
  const { nodeId, number, stop, reason } = attempt;
  if (stop !== null) turn.tell({ kind: "stop", nodeId, taskId: task.id, attempt: number, cause: stop, reason });
}

/**
 * The attempt's node is gone, or knows nothing of it. For an exclusive task it must be certain that nothing of the attempt
 * runs any more; where it is not, see `exclusive/loss.ts`.
 */
export function loseAttempt(turn: Turn, task: TaskRecord, attempt: AttemptRecord, reason: string): void {
  const endedAtMs = turn.now.wallMs;
  const lost = withAttempt(task, attempt.number, { state: "lost", reason, endedAtMs, mayRunUntilMs: undefined });
  const speaksForTask = currentAttempt(task)?.number === attempt.number;
  if (isEnded(task.state) || !speaksForTask) turn.putTask(lost);
  else if (attempt.stop === "cancelled") endTask(turn, lost, "cancelled", `${task.reason}; ${reason}`);
  else if (isPoison(turn, lost)) endAsPoison(turn, lost);
  else {
    turn.note("task.reassigned", task.id, `attempt ${attempt.number} was lost: ${reason}`);
    requeue(turn, lost, 0, reason);
  }
}

function isPoison(turn: Turn, task: TaskRecord): boolean {
  const { poisonLosses, poisonWindowMs } = turn.settings;
  const nodes = new Set<string>();
  for (const attempt of task.attempts) {
    const diedSoon = attempt.startedAtMs > 0 && attempt.endedAtMs - attempt.startedAtMs <= poisonWindowMs;
    // That a lease ran out says nothing of its node.
    if (attempt.state === "lost" && attempt.stop !== "leaseOver" && diedSoon) nodes.add(attempt.nodeId);
  }
  return nodes.size >= poisonLosses;
}

function endAsPoison(turn: Turn, task: TaskRecord): void {
  const { poisonLosses, poisonWindowMs } = turn.settings;
  const reason = `poison: ${poisonLosses} different nodes were lost within ${poisonWindowMs / 1_000} s of its start`;
  turn.note("task.poisoned", task.id, reason);
  endTask(turn, task, "failed", reason);
}
