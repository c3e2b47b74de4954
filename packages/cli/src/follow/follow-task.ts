/** A task from now to its end, with the output of all its attempts, across the death of nodes and coordinators. */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { Attempt, Task } from "@holdfast/shared/client/messages.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { AttemptOutput, type OutputSink } from "./attempt-output.ts";

export interface FollowSink extends OutputSink {
  /** Called once for each attempt, with the one before it. */
  attempt(attempt: Attempt, before: Attempt | undefined): void;
  /** The state or its reason has changed. */
  changed(task: Task): void;
}

/**
 * @param fromAttempt attempts before it are not printed
 * @returns the ended task, after its output
 * @throws HoldfastError
 */
export async function followTask(
  client: HoldfastClient,
  taskId: string,
  sink: FollowSink,
  fromAttempt = 1,
): Promise<Task> {
  const output = new AttemptOutput(client, taskId, sink);
  let announced = fromAttempt - 1;
  let latest: Task | undefined;
  for await (const { tasks = [] } of client.tasks.watch({ taskId, untilEnded: true })) {
    for (const task of tasks) {
      if (task.state !== latest?.state || task.reason !== latest?.reason) sink.changed(task);
      latest = task;
      for (const [index, attempt] of (task.attempts ?? []).entries()) {
        const number = attempt.number ?? index + 1;
        if (number > announced) {
          announced = number;
          sink.attempt(attempt, task.attempts?.[index - 1]);
        }
        if (number >= fromAttempt && attempt.startedAtMs) output.begin(number);
      }
    }
  }
  await output.finish();
  if (latest === undefined) throw new HoldfastError("internal", `the watch of task ${taskId} ended without its state`);
  return latest;
}
