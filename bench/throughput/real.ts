/**
 * /bin/true on four real agents, from the submission until every task's success is durable; and, as the bound of what the
 * machine can do, four shell loops that run the same program under the same supervisor, one after the other, with nothing
 * around it.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { RealCluster } from "../cluster/real-cluster.ts";
import { noopSpec } from "../load/submission.ts";
import type { Benchmark } from "../measure/benchmark.ts";
import { steadyMs } from "../measure/steady-clock.ts";
import { until } from "../measure/until.ts";

const agents = 4;
const warmUpTasks = 200;
const batchSize = 1_000;
const supervisor = fileURLToPath(new URL("../../packages/supervisor/build/holdfast-supervisor", import.meta.url));

/** Folders are not removed within the loop: an agent keeps them, too. */
const loop = `i=0
while [ $i -lt "$3" ]; do
  i=$((i + 1))
  "$1" run --folder "$2/$i" -- /bin/true || exit 1
done`;

export async function measureReal({ quick, say }: Benchmark) {
  const tasks = quick ? 1_000 : 10_000;
  const realPerS = await onAgents(tasks);
  say(`/bin/true on ${agents} real agents: ${realPerS}/s`);
  const bareSpawnPerS = await inBareLoops(tasks);
  say(`/bin/true in ${agents} loops of bare supervisors: ${bareSpawnPerS}/s`);
  return { realPerS, bareSpawnPerS };
}

async function onAgents(tasks: number): Promise<number> {
  await using cluster = await RealCluster.start({ coordinators: 1, agents });
  await complete(cluster.client, warmUpTasks);
  return await complete(cluster.client, tasks);
}

/** @returns tasks a second. @throws Error when one did not succeed */
async function complete({ tasks: client }: HoldfastClient, count: number): Promise<number> {
  const fromMs = steadyMs();
  let batchId = "";
  for (let submitted = 0; submitted < count; submitted += batchSize) {
    const specs = Array.from({ length: Math.min(batchSize, count - submitted) }, () => noopSpec);
    batchId = (await client.submitBatch({ specs, batchId })).batchId ?? "";
  }
  const counts = await until(
    "all tasks ended",
    async () => {
      const batch = await client.getBatch({ batchId });
      return (batch.ended ?? 0) === count ? (batch.counts ?? []) : null;
    },
    300_000,
  );
  const tookMs = steadyMs() - fromMs;
  const succeeded = counts.find(({ state }) => state === "TASK_STATE_SUCCEEDED")?.count ?? 0;
  if (succeeded !== count) throw new Error(`${count - succeeded} of ${count} tasks did not succeed`);
  return Math.round((count * 1_000) / tookMs);
}

async function inBareLoops(tasks: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-bare-"));
  try {
    const each = Math.ceil(tasks / agents);
    const fromMs = steadyMs();
    const loops = Array.from({ length: agents }, async (_, index) => {
      const own = await mkdtemp(join(folder, `${index}-`));
      await promisify(execFile)("/bin/sh", ["-c", loop, "sh", supervisor, own, String(each)]);
    });
    await Promise.all(loops);
    return Math.round((each * agents * 1_000) / (steadyMs() - fromMs));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
