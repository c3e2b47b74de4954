/** What the tests of lost writes ask of a cluster. */

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { ClusterEvent, Task, TaskSpec } from "@holdfast/shared/client/messages.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Scenario } from "../harness/scenario.ts";
import { eventually, patienceMs } from "../harness/waiting.ts";

/** The cluster's history as it is told now: that of what was lost is not what a follower has seen. */
export async function eventsNow(client: HoldfastClient): Promise<ClusterEvent[]> {
  const all: ClusterEvent[] = [];
  for await (const { events = [] } of client.cluster.events({}, AbortSignal.timeout(patienceMs))) all.push(...events);
  return all;
}

/** What only journals held is in the log, and the storage is trusted again. */
export async function expectMerged(scene: Scenario): Promise<void> {
  let seen: string[] = [];
  await eventually(
    "that what was lost is merged, and the storage trusted",
    async () => {
      seen = (await eventsNow(scene.client)).map(({ kind = "" }) => kind);
      const [merged, trusted] = [seen.lastIndexOf("storage.merged"), seen.lastIndexOf("storage.trusted")];
      return merged >= 0 && trusted > merged ? true : undefined;
    },
    { seen: () => seen.join(" ") },
  );
}

/** Asks until it is answered: a task that is not known yet may be on its way from a journal. */
export async function findTask(scene: Scenario, taskId: string, client = scene.client): Promise<Task> {
  return await eventually(`task ${taskId}`, async () => {
    try {
      return await scene.task(taskId, client);
    } catch (error) {
      if (error instanceof HoldfastError && error.code === "notFound") return undefined;
      throw error;
    }
  });
}

/** As a client does: the same request again, until it is acknowledged. @returns the task's id */
export async function submitUnder(
  { client }: Pick<Scenario, "client">,
  requestId: string,
  spec: TaskSpec,
): Promise<string> {
  return await eventually(`an acknowledgement of ${requestId}`, async () => {
    return (await client.tasks.submit({ requestId, spec })).taskId;
  });
}

function redisData({ cluster }: Scenario): string {
  return join(cluster.layout.dataOf("redis"), "appendonlydir");
}

/** What a backup of the moment would hold. */
export function snapshotOf(scene: Scenario): string {
  const copy = join(scene.cluster.layout.dataDir, "redis-snapshot");
  cpSync(redisData(scene), copy, { recursive: true });
  return copy;
}

/** Redis must not run. */
export function restore(scene: Scenario, snapshot: string): void {
  rmSync(redisData(scene), { recursive: true });
  cpSync(snapshot, redisData(scene), { recursive: true });
}
