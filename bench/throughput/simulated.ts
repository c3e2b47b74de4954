/**
 * Tasks submitted in batches, placed, and completed by simulated agents that answer each start at once: what the leader
 * can do. A task counts as completed when its end is durable and its agent was told so.
 */
import { Cluster } from "../cluster/cluster.ts";
import { submitInBatches } from "../load/submission.ts";
import type { Benchmark } from "../measure/benchmark.ts";
import { rounded } from "../measure/figures.ts";
import { cpuUs } from "../measure/process-usage.ts";
import { steadyMs } from "../measure/steady-clock.ts";
import { Fleet } from "../simulation/fleet.ts";

const agents = 100;
const warmUpTasks = 10_000;
const batches = { batchSize: 500, callers: 6 };

export async function measureSimulated({ quick, profileFolder, say }: Benchmark) {
  await using cluster = await Cluster.start({ coordinators: 1, profileFolder });
  await using fleet = await Fleet.start({ agents, addresses: cluster.addresses });
  const leader = await cluster.leader();
  await submitInBatches(cluster.client, { tasks: warmUpTasks, ...batches });
  await fleet.acknowledged(warmUpTasks, 60_000);
  const tasks = quick ? 60_000 : 300_000;
  const pids = { leader: leader.pid, Redis: cluster.redis.pid, agents: fleet.pid, submitter: process.pid };
  const before = Object.values(pids).map(cpuUs);
  const fromMs = steadyMs();
  await submitInBatches(cluster.client, { tasks, ...batches });
  const tookMs = (await fleet.acknowledged(warmUpTasks + tasks, 120_000)) - fromMs;
  const used = Object.entries(pids).map(([name, pid], index) => {
    return { name, usPerTask: rounded((cpuUs(pid) - (before[index] ?? 0)) / tasks) };
  });
  const completedPerS = Math.round((tasks * 1_000) / tookMs);
  const costs = used.map(({ name, usPerTask }) => `${name} ${usPerTask}`).join(", ");
  say(`completed by ${agents} simulated agents: ${completedPerS}/s; us of CPU a task: ${costs}`);
  return { completedPerS, leaderCpuUsPerTask: used[0]?.usPerTask ?? Number.NaN };
}
