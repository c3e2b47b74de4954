/**
 * Attempts that an agent knows and the records do not: they were placed by an earlier leader, and the storage has lost
 * the commit since. The agent's word is what is left of it.
 */
import type { AttemptNews } from "../event.ts";
import type { AttemptRecord, TaskRecord } from "../record.ts";
import { isEnded, isEndedAttempt } from "../record.ts";
import type { Turn } from "../turn.ts";

/**
 * Enters the attempt, as placed, and gives back the task with it; null when it is not to be taken in: another attempt of the
 * task is there (a success counts even then), or its number was given to another. Of an exclusive task, it is entered beside
 * another as one that is being stopped: nothing more is placed before it has ended.
 */
export function adopt(turn: Turn, task: TaskRecord, nodeId: string, news: AttemptNews): TaskRecord | null {
  const lastNumber = task.attempts.at(-1)?.number ?? 0;
  if (isEnded(task.state) || news.attempt <= lastNumber || !turn.state.nodes.has(nodeId)) return null;
  const isSecond = news.state !== "succeeded" && task.attempts.some((one) => !isEndedAttempt(one.state));
  if (isSecond && (!task.exclusive || isEndedAttempt(news.state))) return null;
  const attempt: AttemptRecord = {
    number: news.attempt,
    nodeId,
    state: isSecond ? "stopping" : "placed",
    reason: isSecond ? "another attempt of the task is there" : "",
    placedAtMs: news.startedAtMs || turn.now.wallMs,
    startedAtMs: 0,
    endedAtMs: 0,
    exitCode: null,
    signal: "",
    devices: {},
    usage: null,
    stop: isSecond ? "superseded" : null,
  };
  turn.note("task.adopted", task.id, `${nodeId} knows attempt ${news.attempt}, which the records had lost`);
  const attempts = [...task.attempts, attempt];
  const adopted: TaskRecord = isSecond ? { ...task, attempts } : { ...task, state: "placed", reason: "", attempts };
  turn.putTask(adopted);
  return adopted;
}
