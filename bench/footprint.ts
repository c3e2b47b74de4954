/**
 * What the agent takes from its node. A real agent with sessions to three coordinators, without tasks: `rssMiB` is the
 * largest resident memory of its process and its launcher together, looked at once a second for a minute (--quick: 10 s)
 * that begins 10 s after the start; `cpuPercent` is their CPU time over that minute, in percent of one core. Then ten
 * tasks that sleep: `supervisorMiB` is the largest resident memory of their supervisors, of which there is one for each.
 *
 *   npm run bench -- footprint [--json] [--quick]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { findNodeProcesses } from "@holdfast/cli/up/node-processes.ts";
import { RealCluster } from "./cluster/real-cluster.ts";
import { runBenchmark } from "./measure/benchmark.ts";
import { rounded } from "./measure/figures.ts";
import { cpuUs, residentBytes } from "./measure/process-usage.ts";
import { steadyMs } from "./measure/steady-clock.ts";
import { until } from "./measure/until.ts";

const settleMs = 10_000;
const lookMs = 1_000;
const tasks = 10;

function mebibytes(bytes: number): number {
  return rounded(bytes / 1_048_576);
}

function sum(pids: readonly number[], measure: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + measure(pid), 0);
}

await runBenchmark("footprint", async ({ quick, say }) => {
  await using cluster = await RealCluster.start({ coordinators: 3, agents: 1 });
  const agent = cluster.running.agent("node-1");
  await sleep(settleMs);
  const launchers = findNodeProcesses(agent.plan.dataDir).supervisors.map(({ pid }) => pid);
  const idle = [agent.pid ?? 0, ...launchers];
  const fromMs = steadyMs();
  const fromUs = sum(idle, cpuUs);
  let residentMax = 0;
  while (steadyMs() - fromMs < (quick ? 10_000 : 60_000)) {
    await sleep(lookMs);
    residentMax = Math.max(residentMax, sum(idle, residentBytes));
  }
  const cpuPercent = rounded(((sum(idle, cpuUs) - fromUs) / ((steadyMs() - fromMs) * 1_000)) * 100);
  const rssMiB = mebibytes(residentMax);
  say(
    `idle agent: ${rssMiB} MiB, ${cpuPercent} % of a core (its launcher: ${mebibytes(sum(launchers, residentBytes))} MiB)`,
  );

  const specs = Array.from({ length: tasks }, () => ({ argv: ["/bin/sleep", "3600"] }));
  await cluster.client.tasks.submitBatch({ specs });
  const supervisors = await until("supervisors of all tasks", async () => {
    const found = findNodeProcesses(agent.plan.dataDir);
    return found.tasks.length === tasks ? found.supervisors.filter(({ pid }) => !launchers.includes(pid)) : null;
  });
  const supervisorMiB = mebibytes(Math.max(...supervisors.map(({ pid }) => residentBytes(pid))));
  say(`a task's supervisor: ${supervisorMiB} MiB (${supervisors.length} looked at)`);
  return { rssMiB, cpuPercent, supervisorMiB };
});
