/** From a node's power cut until the last of its tasks runs elsewhere, by the tasks' own stamps. */
import type { NodeMember } from "@holdfast/cli/up/running-cluster.ts";
import { RealCluster } from "../cluster/real-cluster.ts";
import type { Benchmark } from "../measure/benchmark.ts";
import { steadyMs } from "../measure/steady-clock.ts";
import { until } from "../measure/until.ts";
import { buildStamp, readStamps } from "../stamp/stamp.ts";
import { type Outage, outages } from "./rounds.ts";

const tasksPerRound = 6;
/** Longer than a benchmark takes. */
const taskSeconds = "3600";

interface StampedTask {
  readonly id: string;
  readonly file: string;
}

export async function measureNodeLoss(
  cause: string,
  coordinatorSettings: Readonly<Record<string, number>>,
  benchmark: Benchmark,
): Promise<Outage> {
  await using cluster = await RealCluster.start({ coordinators: 3, agents: 3, coordinatorSettings });
  const program = await buildStamp(cluster.folder);
  let round = 0;
  return await outages(cause, benchmark, () => {
    round += 1;
    return loseOneNode(cluster, program, round);
  });
}

async function loseOneNode(cluster: RealCluster, program: string, round: number): Promise<number> {
  const { client, running } = cluster;
  const tasks: StampedTask[] = [];
  for (let number = 1; number <= tasksPerRound; number += 1) {
    const file = `${cluster.folder}/stamp-${round}-${number}`;
    const { taskId = "" } = await client.tasks.submit({ spec: { argv: [program, file, taskSeconds] } });
    tasks.push({ id: taskId, file });
  }
  await until("all tasks running", async () => ((await startsOf(tasks)).every((starts) => starts === 1) ? true : null));
  const { victim, victims } = await chooseVictim(cluster, tasks);
  const causedMs = steadyMs();
  await victim.killNode();
  await until("all tasks running elsewhere", async () =>
    (await startsOf(victims)).every((starts) => starts === 2) ? true : null,
  );
  const restarts = await Promise.all(victims.map(async ({ file }) => (await readStamps(file))[1] ?? Number.NaN));
  for (const { id } of tasks) await client.tasks.cancel({ taskId: id });
  await victim.start();
  await running.ready();
  return Math.max(...restarts) - causedMs;
}

function startsOf(tasks: readonly StampedTask[]): Promise<number[]> {
  return Promise.all(tasks.map(async ({ file }) => (await readStamps(file)).length));
}

/** The node that runs most of the tasks, and those. */
async function chooseVictim(
  { client, running }: RealCluster,
  tasks: readonly StampedTask[],
): Promise<{ victim: NodeMember; victims: readonly StampedTask[] }> {
  const byNode = new Map<string, StampedTask[]>();
  for (const stamped of tasks) {
    const { task } = await client.tasks.get({ taskId: stamped.id });
    const nodeId = task?.attempts?.at(-1)?.nodeId ?? "";
    byNode.set(nodeId, [...(byNode.get(nodeId) ?? []), stamped]);
  }
  const [nodeId = "", victims = []] = [...byNode].sort(([, a], [, b]) => b.length - a.length)[0] ?? [];
  return { victim: running.agent(nodeId), victims };
}
