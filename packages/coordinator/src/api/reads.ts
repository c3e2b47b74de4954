/** Reading committed state: how fresh it must be, and how fresh it is. */
import type { ReadInfo } from "@holdfast/shared/contract/generated/holdfast/v1/ReadInfo.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { TaskRecord } from "../core/record.ts";
import type { Backend, CommittedView } from "./backend.ts";
import type { Call } from "./call.ts";
import { checkRevision } from "./revision.ts";

/** For calls without a deadline: a revision that has not come by then is not coming soon. */
const maxWaitMs = 10_000;

/** Runs the query on a state that contains `minRevision` ("" or absent: on the present one). */
export async function readAt<Result>(
  backend: Backend,
  minRevision: string | undefined,
  call: Call,
  query: (view: CommittedView) => Result,
): Promise<Result> {
  if (minRevision) await reached(backend, minRevision, call);
  return backend.read(query);
}

async function reached(backend: Backend, minRevision: string, call: Call): Promise<void> {
  const wanted = checkRevision("min_revision", minRevision);
  const { head } = backend.changes;
  if (head !== null && head.lineage === wanted.lineage && head.sequence >= wanted.sequence) return;
  const timeout = AbortSignal.timeout(maxWaitMs);
  try {
    await backend.changes.reached(wanted, "min_revision", AbortSignal.any([call.signal, timeout]));
  } catch (error) {
    if (!timeout.aborted) throw error;
    const message = `this coordinator has not come as far as ${minRevision} within ${maxWaitMs} ms`;
    throw new HoldfastError("unavailable", message, { retryAfterMs: 1_000 });
  }
}

export function readInfo(backend: Backend, view: CommittedView): ReadInfo {
  const { revision, asOfMs } = view;
  return { revision, asOfMs, coordinatorId: backend.coordinatorId, fromLeader: backend.isLeading() };
}

/** @throws HoldfastError notFound, also for a task of another namespace. */
export function findTask(view: CommittedView, namespace: string, taskId: string): TaskRecord {
  const task = view.liveTask(taskId) ?? view.endedTask(taskId);
  if (task !== undefined && task.namespace === namespace) return task;
  throw new HoldfastError("notFound", `there is no task "${taskId}" in namespace "${namespace}"`);
}
