/**
 * How many tasks a second.
 */
import { Cluster } from "./cluster/cluster.ts";
import { submitInBatches, submitOneByOne } from "./load/batches.ts";
import { type Benchmark, runBenchmark } from "./measure/benchmark.ts";
import { rounded } from "./measure/figures.ts";
import { cpuUs } from "./measure/process-usage.ts";
import { steadyMs } from "./measure/steady-clock.ts";
import { Fleet } from "./simulation/fleet.ts";

const callers = 50;
const batchSize = 500;
const batchCallers = 6;
const simulatedAgents = 100;

async function accepted({ quick, say }: Benchmark) {
  await using cluster = await Cluster.start({ coordinators: 1 });
  const unary = quick ? 10_000 : 50_000;
  const batched = quick ? 50_000 : 200_000;
  await submitOneByOne(cluster.client, 2_000, callers);
  const unaryFromMs = steadyMs();
  await submitOneByOne(cluster.client, unary, callers);
  const acceptedPerS = Math.round((unary * 1_000) / (steadyMs() - unaryFromMs));
  say(`accepted, one task a call, ${callers} callers: ${acceptedPerS}/s`);
  const batchedFromMs = steadyMs();
  await submitInBatches(cluster.client, { tasks: batched, batchSize, callers: batchCallers });
  const acceptedBatchedPerS = Math.round((batched * 1_000) / (steadyMs() - batchedFromMs));
  say(`accepted, ${batchSize} tasks a call: ${acceptedBatchedPerS}/s`);
  return { acceptedPerS, acceptedBatchedPerS };
}

async function completed({ quick, profileFolder, say }: Benchmark) {
  await using cluster = await Cluster.start({ coordinators: 1, profileFolder });
  await using fleet = await Fleet.start({ agents: simulatedAgents, addresses: cluster.addresses });
  const { pid } = await cluster.leader();
  const warmUp = 10_000;
  await submitInBatches(cluster.client, { tasks: warmUp, batchSize, callers: batchCallers });
  await fleet.acknowledged(warmUp, 60_000);
  const tasks = quick ? 60_000 : 300_000;
  const before = { us: cpuUs(pid), fleetUs: cpuUs(fleet.pid), redisUs: cpuUs(cluster.redis.pid), own: process.cpuUsage() };
  const fromMs = steadyMs();
  await submitInBatches(cluster.client, { tasks, batchSize, callers: batchCallers });
  const submittedMs = steadyMs() - fromMs;
  const tookMs = (await fleet.acknowledged(warmUp + tasks, 120_000)) - fromMs;
  const leaderCpuUsPerTask = rounded((cpuUs(pid) - before.us) / tasks);
  const completedPerS = Math.round((tasks * 1_000) / tookMs);
  const own = process.cpuUsage(before.own);
  say(
    `submitted, placed, completed by ${simulatedAgents} simulated agents: ${completedPerS}/s, ${leaderCpuUsPerTask} us of ` +
      `the leader each (Redis ${rounded((cpuUs(cluster.redis.pid) - before.redisUs) / tasks)}, agents ` +
      `${rounded((cpuUs(fleet.pid) - before.fleetUs) / tasks)}, submitter ${rounded((own.user + own.system) / tasks)}); accepted in ${Math.round(submittedMs)} of ${Math.round(tookMs)} ms`,
  );
  return { completedPerS, leaderCpuUsPerTask };
}

await runBenchmark("throughput", async (benchmark) => ({
  ...(await accepted(benchmark)),
  ...(await completed(benchmark)),
}));
