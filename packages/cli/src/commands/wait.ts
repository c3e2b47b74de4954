/** `holdfast wait`: until tasks, or all of a batch, have ended. */
import type { Task } from "@holdfast/shared/client/messages.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { allSucceeded, waitForBatch, waitForTask } from "../follow/wait-for-end.ts";
import { paintedState } from "../format/state.ts";
import { taskTable } from "../format/task.ts";
import { duration } from "../parse/flag.ts";
import { progressBar } from "../progress.ts";
import { inSession, type Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";

interface WaitFlags {
  readonly batch?: string;
  readonly timeout?: number;
}

const examples = `
Exit code 0 only if all succeeded; 1 if any did not; 6 when --timeout was over first.

Examples:
  holdfast wait TASK && echo done
  holdfast wait --batch BATCH --timeout 1h`;

export function define(command: Command): void {
  command
    .argument("[task...]", "ids of tasks")
    .option("--batch <id>", "all tasks of a batch")
    .option("--timeout <duration>", "leave after so long; the tasks go on", duration);
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((taskIds: string[]) => {
    const { batch, timeout } = command.opts<WaitFlags>();
    if ((batch === undefined) === (taskIds.length === 0)) throw new UsageError("name tasks, or a batch with --batch");
    const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    return inSession(command, (session) =>
      (batch === undefined ? reportTaskEnds(session, taskIds, signal) : reportBatchEnd(session, batch, signal)).catch(
        (error: unknown) => {
          if (signal?.aborted) throw new HoldfastError("deadlineExceeded", "not all had ended when --timeout was over");
          throw error;
        },
      ),
    );
  });
}

/** @returns the exit code */
export async function reportTaskEnds(
  session: Session,
  taskIds: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const { client, screen } = session;
  const bar = progressBar("ended", taskIds.length, screen.json || taskIds.length < 2);
  let ended = 0;
  const waits = taskIds.map(async (taskId): Promise<Task> => {
    const task = await waitForTask(client, taskId, signal);
    bar.update(++ended);
    return task;
  });
  const tasks = await Promise.all(waits).finally(() => bar.stop());
  screen.show({ tasks }, () => taskTable(tasks, Date.now(), screen.colours));
  return tasks.every(({ state }) => state === "TASK_STATE_SUCCEEDED") ? 0 : 1;
}

/** @returns the exit code */
export async function reportBatchEnd(session: Session, batchId: string, signal?: AbortSignal): Promise<number> {
  const { client, screen } = session;
  const { total = 0 } = await client.tasks.getBatch({ batchId }, { signal });
  const bar = progressBar("ended", total, screen.json);
  const batch = await waitForBatch(
    client,
    batchId,
    ({ ended, succeeded }) => bar.update(ended, ended > succeeded ? `${ended - succeeded} without success` : ""),
    signal,
  ).finally(() => bar.stop());
  screen.show(batch, () =>
    (batch.counts ?? [])
      .filter(({ count = 0 }) => count > 0)
      .map(({ state, count }) => `${count} ${paintedState(state, screen.colours)}`)
      .join(", "),
  );
  return allSucceeded(batch) ? 0 : 1;
}
