/**
 * Exclusive attempts that nothing is known of: their node is lost, or its agent does not know them any more.
 *
 * Such an attempt stays as it is until its lease is over for certain, and only then is it lost; its task is given to
 * nobody else before. Earlier only on proof that nothing of it runs: its end is reported, its machine comes with another
 * boot id, or an operator confirms that the node is dead. Whoever has the proof calls `loseAttempt` itself.
 */
import type { AttemptRecord, TaskRecord } from "../record.ts";
import { isEnded } from "../record.ts";
import { loseAttempt } from "../tasks/transitions.ts";
import { currentAttempt, type Turn, withAttempt } from "../turn.ts";
import { runsAtMostUntilMs } from "./bound.ts";

/** What is stored of a bound follows it when it moves by more than this: it does so once, after an election. */
const restatedFromMs = 1_000;

/** Without proof: loses an attempt at once unless its task is exclusive, then as soon as its lease is over for certain. */
export function presumeLost(turn: Turn, task: TaskRecord, attempt: AttemptRecord, reason: string): void {
  if (!task.exclusive) return loseAttempt(turn, task, attempt, reason);
  const leftMs = runsAtMostUntilMs(turn.observation, turn.settings, task.id, attempt.number) - turn.now.steadyMs;
  if (leftMs <= 0) return loseAttempt(turn, task, attempt, reason);
  turn.observation.doubtedNodes.add(attempt.nodeId);
  const mayRunUntilMs = Math.ceil(turn.now.wallMs + leftMs);
  if (Math.abs(mayRunUntilMs - (attempt.mayRunUntilMs ?? 0)) <= restatedFromMs) return;
  const doubted = withAttempt(task, attempt.number, { mayRunUntilMs, reason });
  const tellsTask = !isEnded(task.state) && attempt.stop === null && currentAttempt(task)?.number === attempt.number;
  const waits = `${reason}; as it is exclusive, it waits until that may not run any more: ${clockTime(mayRunUntilMs)}`;
  turn.putTask(tellsTask ? { ...doubted, reason: waits } : doubted);
}

/** Looks at all that wait for the end of a lease; a node is looked at again as long as something there does. */
export function watchDoubted(turn: Turn): void {
  const { doubtedNodes } = turn.observation;
  for (const nodeId of [...doubtedNodes]) {
    doubtedNodes.delete(nodeId);
    const isGone = turn.state.nodes.get(nodeId)?.lostAtMs !== 0;
    for (const { taskId, number } of [...(turn.state.exclusive.byNode.get(nodeId)?.values() ?? [])]) {
      const task = turn.state.tasks.get(taskId);
      const attempt = task?.attempts.find((one) => one.number === number);
      if (task === undefined || attempt === undefined) continue;
      if (!isGone && attempt.mayRunUntilMs === undefined) continue;
      const why = isGone ? `its node ${nodeId} is lost` : `node ${nodeId} knows nothing of it any more`;
      presumeLost(turn, task, attempt, attempt.stop === null && attempt.reason !== "" ? attempt.reason : why);
    }
  }
}

/** Its agent tells of it: nothing is in doubt any more. */
export function foundAgain(task: TaskRecord, attempt: AttemptRecord): TaskRecord {
  if (attempt.mayRunUntilMs === undefined) return task;
  const found = withAttempt(task, attempt.number, { mayRunUntilMs: undefined, reason: "" });
  return isEnded(task.state) || attempt.stop !== null ? found : { ...found, reason: "" };
}

/** `02:31:07 UTC` of a Unix time. */
function clockTime(unixMs: number): string {
  const seconds = Math.floor(unixMs / 1_000);
  const digits = (value: number) => String(value % 60).padStart(2, "0");
  const hours = String(Math.floor(seconds / 3_600) % 24).padStart(2, "0");
  return `${hours}:${digits(Math.floor(seconds / 60))}:${digits(seconds)} UTC`;
}
