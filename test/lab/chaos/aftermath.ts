/** What is seen after the storm: that all goes on, how each task ended, and what changed hands meanwhile. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { Task } from "@holdfast/shared/client/messages.ts";
import { taskHasEnded } from "@holdfast/shared/client/task-states.ts";
import type { LabCluster } from "../cluster/lab-cluster.ts";
import type { Outcome } from "../history/records.ts";

const lookMs = 500;
const pageSize = 1_000;

/** Resolves with all tasks when none of them is under way any more, or when the time is over. */
export async function tasksWhenEnded(client: HoldfastClient, withinMs: number): Promise<Task[]> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const tasks: Task[] = [];
    for await (const task of client.tasks.listAll({ pageSize })) tasks.push(task);
    if (tasks.every(taskHasEnded) || performance.now() > deadlineMs) return tasks;
    await sleep(lookMs);
  }
}

export function outcomeOf({ requestId = "", state, reason = "" }: Task): Outcome {
  return { request: requestId, succeeded: state === "TASK_STATE_SUCCEEDED", reason: `${state}: ${reason}` };
}

/** How often the leadership began anew after the first time. */
export async function countLeaderChanges(client: HoldfastClient): Promise<number> {
  const epochs = new Set<number>();
  for await (const { events = [] } of client.cluster.events({})) {
    for (const { kind, epoch = 0 } of events) if (kind === "leader.elected") epochs.add(epoch);
  }
  return Math.max(0, epochs.size - 1);
}

/** The Sentinel that leads a fail-over says once that it has promoted a replica. */
export function countSentinelFailovers({ redis }: LabCluster): number {
  const logs = redis.hosts.flatMap((host) => redis.sentinelOf(host)?.plan.logFile ?? []);
  const said = logs.map((file) => readFileSync(file, "utf8").match(/ \+promoted-slave /g)?.length ?? 0);
  return said.reduce((sum, count) => sum + count, 0);
}
