/**
 * What agents say of their attempts, and what follows from it.
 *
 * Reports may come twice, late, out of order, and from nodes that were taken for lost meanwhile. Whatever is an end is
 * acknowledged, so that the agent stops repeating it; whatever runs and should not is told to stop.
 */
import type { AttemptNews } from "../event.ts";
import { foundAgain } from "../exclusive/loss.ts";
import { randomFrom } from "../placement/random.ts";
import type { AttemptRecord, TaskRecord, TaskState } from "../record.ts";
import { isEnded, isEndedAttempt } from "../record.ts";
import { isMerging } from "../recovery/care.ts";
import { currentAttempt, type Turn, withAttempt } from "../turn.ts";
import { adopt } from "./adoption.ts";
import { backoffMs, refusalBackoffMs } from "./backoff.ts";
import { endTask, loseAttempt, requeue, stopAgain, stopAttempt } from "./transitions.ts";

/**
 * What runs on a node that is lost counts only when its Hello has brought it back: a report that was stuck on its way would
 * bring an attempt back to life on a node that is gone. Ends are ends.
 */
export function takeReports(turn: Turn, nodeId: string, reports: readonly AttemptNews[], seed: number): void {
  const random = randomFrom(seed);
  for (const news of reports) {
    const isPresent = turn.state.nodes.get(nodeId)?.lostAtMs === 0;
    if (isPresent || isEndedAttempt(news.state)) takeNews(turn, nodeId, news, random());
  }
}

/** @param random 0 to 1, for the backoff's jitter */
export function takeNews(turn: Turn, nodeId: string, news: AttemptNews, random: number): void {
  let task = turn.state.tasks.get(news.taskId);
  let attempt = attemptOf(task, nodeId, news);
  // What storage has lost may still tell of it; all agents are asked again then.
  if (attempt === undefined && isMerging(turn)) return;
  if (task !== undefined && attempt === undefined) {
    task = adopt(turn, task, nodeId, news) ?? task;
    attempt = attemptOf(task, nodeId, news);
  }
  const isEnd = isEndedAttempt(news.state);
  if (isEnd) turn.tell({ kind: "acknowledge", nodeId, taskId: news.taskId, attempt: news.attempt });
  if (task === undefined || attempt === undefined) {
    if (!isEnd) stopUnwanted(turn, nodeId, news, "the task has ended, or is not known");
  } else if (news.state === "lost") {
    // The machine restarted under it, or its lease ran out; nothing of it runs, and nobody knows how it would have ended.
    if (!isEndedAttempt(attempt.state)) loseAttempt(turn, ...withLeaseOver(task, attempt), news.reason);
  } else if (attempt.state === "lost") {
    if (isEnd) endLost(turn, task, attempt, news);
    else reviveOrStop(turn, task, attempt, news);
  } else if (isEndedAttempt(attempt.state)) {
    if (!isEnd) stopUnwanted(turn, nodeId, news, "the attempt has ended already");
  } else if (isEnd) end(turn, task, attempt, news, random);
  else advance(turn, foundAgain(task, attempt), attempt, news);
}

function attemptOf(task: TaskRecord | undefined, nodeId: string, news: AttemptNews): AttemptRecord | undefined {
  return task?.attempts.find((one) => one.number === news.attempt && one.nodeId === nodeId);
}

/** A machine that restarted comes with another boot id: what an exclusive attempt lost under a living agent was its lease. */
function withLeaseOver(task: TaskRecord, attempt: AttemptRecord): [TaskRecord, AttemptRecord] {
  if (!task.exclusive || attempt.stop !== null) return [task, attempt];
  const stopped: AttemptRecord = { ...attempt, stop: "leaseOver" };
  return [withAttempt(task, attempt.number, stopped), stopped];
}

const progress: Readonly<Record<string, number>> = { placed: 0, starting: 1, running: 2, stopping: 3 };

function advance(turn: Turn, task: TaskRecord, attempt: AttemptRecord, news: AttemptNews): void {
  if (news.state !== "stopping") stopAgain(turn, task, attempt);
  const started = news.startedAtMs > 0 && attempt.startedAtMs === 0;
  const further = (progress[news.state] ?? 0) > (progress[attempt.state] ?? 0);
  const doubted = attempt.mayRunUntilMs !== undefined;
  if (!further && !started && !doubted) return;
  const state = further ? news.state : attempt.state;
  const startedAtMs = attempt.startedAtMs === 0 ? news.startedAtMs : attempt.startedAtMs;
  const changed = withAttempt(task, attempt.number, {
    state,
    startedAtMs,
    reason: news.reason || (doubted ? "" : attempt.reason),
  });
  turn.putTask(
    isEnded(task.state) || !speaks(task, attempt) ? changed : { ...changed, ...headline(task, state, news) },
  );
}

/** What the task shows of its current attempt's state. */
function headline(task: TaskRecord, state: AttemptRecord["state"], news: AttemptNews): Partial<TaskRecord> {
  const startedAtMs = task.startedAtMs === 0 ? news.startedAtMs : task.startedAtMs;
  // An attempt that is stopped for a drain ends, its task does not.
  const drains = state === "stopping" && currentAttempt(task)?.stop === "drained";
  if (task.state === "stopping" || drains) return { startedAtMs };
  return { startedAtMs, state: state as TaskState, reason: state === "stopping" ? news.reason : "" };
}

function end(turn: Turn, task: TaskRecord, attempt: AttemptRecord, news: AttemptNews, random: number): void {
  const ended = recordEnd(turn, task, attempt, news);
  if (isEnded(task.state)) return turn.putTask(ended);
  if (news.state === "succeeded") return endTask(turn, ended, "succeeded", "");
  if (!speaks(task, attempt)) return turn.putTask(ended);
  if (attempt.stop === "cancelled") return endTask(turn, ended, "cancelled", task.reason);
  if (news.state === "timedOut") return endTask(turn, ended, "timedOut", news.reason);
  if (news.state === "failed" && attempt.stop !== "drained") return retryOrFail(turn, ended, news, random);
  if (news.state === "refused") return requeueRefused(turn, ended, news, random);
  requeue(turn, ended, 0, attempt.stop === "drained" ? attempt.reason : news.reason);
}

function retryOrFail(turn: Turn, task: TaskRecord, news: AttemptNews, random: number): void {
  const failures = task.failures + 1;
  const failed = { ...task, failures };
  if (news.exitCode !== null && task.finalExitCodes.includes(news.exitCode)) {
    return endTask(turn, failed, "failed", `${news.reason}, which is final`);
  }
  if (failures > task.maxRetries) return endTask(turn, failed, "failed", news.reason);
  const waitMs = backoffMs(task, failures, random);
  requeue(turn, failed, turn.now.wallMs + waitMs, `${news.reason}; retry ${failures} of ${task.maxRetries}`);
}

function requeueRefused(turn: Turn, task: TaskRecord, news: AttemptNews, random: number): void {
  const eligibleAtMs = turn.now.wallMs + refusalBackoffMs(task, random);
  requeue(turn, task, eligibleAtMs, `${currentAttempt(task)?.nodeId} refused it: ${news.reason}`);
}

/** The node of a lost attempt is back with its result: the first durable success wins, everything else is only noted. */
function endLost(turn: Turn, task: TaskRecord, attempt: AttemptRecord, news: AttemptNews): void {
  const ended = recordEnd(turn, task, attempt, news);
  if (news.state === "succeeded" && !isEnded(task.state)) endTask(turn, ended, "succeeded", "");
  else turn.putTask(ended);
}

/**
 * The node of a lost attempt is back and it still runs there: kept only if nothing was started in its place. Of an exclusive
 * task nothing may even have been ordered: an order cannot be taken back before the other attempt runs on.
 */
function reviveOrStop(turn: Turn, task: TaskRecord, attempt: AttemptRecord, news: AttemptNews): void {
  const successor = currentAttempt(task);
  const replaced = successor !== undefined && successor.number > attempt.number;
  const waits = replaced && !task.exclusive && successor.startedAtMs === 0 && task.state !== "pending";
  const isLast = task.attempts.at(-1)?.number === attempt.number;
  const keeps = !isEnded(task.state) && (isLast || waits || (!task.exclusive && !replaced));
  if (!keeps) {
    const reason = isEnded(task.state) ? "the task has ended" : "it was lost, and another attempt has taken its place";
    return turn.putTask(stopAttempt(turn, task, attempt, "superseded", reason));
  }
  let kept = task;
  if (replaced && !isEndedAttempt(successor.state)) {
    kept = stopAttempt(
      turn,
      task,
      successor,
      "superseded",
      `${attempt.nodeId} is back and still runs attempt ${attempt.number}`,
    );
  }
  const state = news.state === "starting" ? "starting" : "running";
  const startedAtMs = news.startedAtMs || attempt.startedAtMs;
  kept = withAttempt(kept, attempt.number, { state, startedAtMs, endedAtMs: 0, reason: "" });
  turn.note("task.kept", task.id, `attempt ${attempt.number} on ${attempt.nodeId} was lost and runs on`);
  turn.putTask({ ...kept, state, reason: "", startedAtMs: task.startedAtMs || startedAtMs });
}

function recordEnd(turn: Turn, task: TaskRecord, attempt: AttemptRecord, news: AttemptNews): TaskRecord {
  if (news.outputTail !== "") turn.put({ kind: "tail", id: `${task.id}.${attempt.number}`, value: news.outputTail });
  const startedAtMs = news.startedAtMs || attempt.startedAtMs;
  const ended = withAttempt(task, attempt.number, {
    state: news.state,
    reason: news.reason,
    startedAtMs,
    endedAtMs: news.endedAtMs || turn.now.wallMs,
    mayRunUntilMs: undefined,
    exitCode: news.exitCode,
    signal: news.signal,
    usage: news.usage,
  });
  return ended.startedAtMs === 0 ? { ...ended, startedAtMs } : ended;
}

function stopUnwanted(turn: Turn, nodeId: string, news: AttemptNews, reason: string): void {
  const { taskId, attempt } = news;
  turn.tell({ kind: "stop", nodeId, taskId, attempt, cause: "superseded", reason });
}

function speaks(task: TaskRecord, attempt: AttemptRecord): boolean {
  return currentAttempt(task)?.number === attempt.number;
}
