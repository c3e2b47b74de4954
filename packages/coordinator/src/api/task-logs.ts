/**
 * Output of one attempt: from its node while that can be asked, else the tail that came with the attempt's last report.
 * With `follow`, a task that waits is followed from its next attempt on.
 */
import type { TaskLogsResponse } from "@holdfast/shared/contract/generated/holdfast/v1/TaskLogsResponse.ts";
import type { TaskServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/TaskService.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import { type AttemptRecord, isEnded, isEndedAttempt, type TaskRecord } from "../core/record.ts";
import type { Backend } from "./backend.ts";
import type { Call } from "./call.ts";
import type { StreamMethods } from "./methods.ts";
import { findTask } from "./reads.ts";
import { parseRevision } from "./revision.ts";
import { checkId, checkNamespace } from "./validate/identity.ts";

const maxTailBytes = 2 ** 40;

interface LogsWish {
  readonly namespace: string;
  readonly taskId: string;
  /** 0: the newest. */
  readonly attempt: number;
  readonly follow: boolean;
  readonly tailBytes: number;
}

export function taskLogs(backend: Backend): StreamMethods<TaskServiceHandlers>["Logs"] {
  return async function* (request, call) {
    const { attempt = 0, tailBytes = 0, follow = false } = request;
    const namespace = checkNamespace(request.namespace);
    const taskId = checkId("task_id", request.taskId);
    if (attempt < 0) throw invalidField("attempt", `is ${attempt}; attempts count from 1, 0 is the newest`);
    if (tailBytes < 0 || tailBytes > maxTailBytes)
      throw invalidField("tail_bytes", `is ${tailBytes}; it must be 0 or more`);
    yield* logs(backend, { namespace, taskId, attempt, follow, tailBytes }, call);
  };
}

async function* logs(backend: Backend, wish: LogsWish, call: Call): AsyncGenerator<TaskLogsResponse, void, undefined> {
  const attempt = await findAttempt(backend, wish, call);
  if (attempt === null) return;
  let sent = false;
  try {
    for await (const piece of fromNode(backend, wish, attempt, call)) {
      sent = true;
      yield piece;
    }
  } catch (error) {
    // What has begun cannot be begun again from another source: the client would see things twice.
    if (sent || !isUnreachable(error)) throw error;
    yield* fromReport(backend, wish, attempt.number, error);
  }
}

async function* fromNode(
  backend: Backend,
  { taskId, follow, tailBytes }: LogsWish,
  { number, nodeId }: AttemptRecord,
  call: Call,
): AsyncGenerator<TaskLogsResponse, void, undefined> {
  const output = backend.output(nodeId, { taskId, attempt: number, follow, tailBytes }, call.signal);
  if (output === null) throw new HoldfastError("unavailable", `node ${nodeId} cannot be asked from here at the moment`);
  for await (const pieces of output) {
    for (const piece of pieces) yield { ...piece, source: "SOURCE_NODE", attempt: number };
  }
}

async function* fromReport(
  backend: Backend,
  { taskId }: LogsWish,
  attempt: number,
  unreachable: unknown,
): AsyncGenerator<TaskLogsResponse, void, undefined> {
  const tail = await backend.readTail(taskId, attempt);
  if (tail === null) throw unreachable;
  for (const piece of tail) yield { ...piece, source: "SOURCE_REPORT", attempt };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof HoldfastError && (error.code === "unavailable" || error.code === "notFound");
}

/** Null when the client went away, or the task ended without having been tried, before there was one. */
async function findAttempt(backend: Backend, wish: LogsWish, call: Call): Promise<AttemptRecord | null> {
  const { task, revision } = await backend.read((view) => ({
    task: findTask(view, wish.namespace, wish.taskId),
    revision: view.revision,
  }));
  const found = attemptOf(task, wish);
  if (found !== null) return found;
  const position = parseRevision(revision);
  if (!wish.follow || isEnded(task.state) || position === null) throw noAttempt(wish, task);
  for await (const { records } of backend.changes.after(position, wish.taskId, call.signal)) {
    for (const record of records) {
      if (record.kind !== "task" || record.id !== wish.taskId || record.value === null) continue;
      const attempt = attemptOf(record.value, wish);
      if (attempt !== null) return attempt;
      if (isEnded(record.value.state)) return null;
    }
  }
  return null;
}

/**
 * The attempt that was asked for, once its node can know of it. Without a number, a follower of a task that waits for its
 * next attempt means that one.
 */
function attemptOf(task: TaskRecord, { attempt: number, follow }: LogsWish): AttemptRecord | null {
  const attempt = number === 0 ? task.attempts.at(-1) : task.attempts.find((candidate) => candidate.number === number);
  if (attempt === undefined) return null;
  if (isEndedAttempt(attempt.state)) return follow && number === 0 && task.state === "pending" ? null : attempt;
  return follow && attempt.state === "placed" ? null : attempt;
}

function noAttempt({ attempt }: LogsWish, task: TaskRecord): HoldfastError {
  if (attempt > 0) return new HoldfastError("notFound", `task ${task.id} has no attempt ${attempt}`);
  return new HoldfastError(
    "notFound",
    `task ${task.id} has no output: it was never started (${task.reason || task.state})`,
  );
}
