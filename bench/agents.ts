/**
 * What agents cost that only live: 1,000 and then 10,000 of them, simulated, each on a TCP connection of its own, with a
 * beat a second and metrics (500 bytes) every five, on one leader that is the real coordinator on a real Redis with
 * `appendfsync always`. Five tasks a second are submitted and completed meanwhile, so that there are commits.
 *
 * The window (60 s; --quick: 10 s) begins when all have joined. `cpuUsPerBeat` is all the leader's CPU time in it, from
 * /proc/PID/stat, by the beats that the agents sent in it: metrics, ticks, commits and garbage collection are in it.
 * `bareCpuUsPerBeat` is the same of a server of @grpc/grpc-js that decodes, greets, echoes metrics and does nothing else,
 * under the same agents in the same run. `rssKiBPerAgent` is how much the leader's resident memory has grown from before
 * the first agent to the end of the window, by agents. `loopDelayP99Ms` is by how much a timer of 10 ms in the leader is
 * late. `falseLosses` counts the nodes that the leader took for lost, none of which was.
 *
 * The line has the figures of 10,000 agents, and those of all sizes in `sizes`. Plain TCP; the agents' process shares the
 * machine, its CPU is told and is not the leader's.
 *
 *   npm run bench -- agents [--json] [--quick]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, type ServerProcess } from "./cluster/cluster.ts";
import { freePort } from "./cluster/free-port.ts";
import type { FromServer, ToServer } from "./cluster/server-messages.ts";
import { noopSpec } from "./load/submission.ts";
import { type Benchmark, runBenchmark } from "./measure/benchmark.ts";
import { Child } from "./measure/child.ts";
import { rounded } from "./measure/figures.ts";
import { cpuUs, residentBytes } from "./measure/process-usage.ts";
import { steadyMs } from "./measure/steady-clock.ts";
import { Fleet } from "./simulation/fleet.ts";

const sizes = [1_000, 10_000];
const submitEveryMs = 200;
const settleMs = 3_000;

interface Window {
  readonly cpuUsPerBeat: number;
  readonly coreShare: number;
  readonly rssKiBPerAgent: number;
  readonly loopDelayP99Ms: number;
}

async function observe(server: ServerProcess, address: string, agents: number, benchmark: Benchmark): Promise<Window> {
  const emptyBytes = residentBytes(server.pid);
  await using fleet = await Fleet.start({ agents, addresses: [address] });
  await sleep(settleMs);
  server.send({ kind: "resetLoopDelay" });
  const from = { ms: steadyMs(), us: cpuUs(server.pid), fleetUs: cpuUs(fleet.pid), ...(await fleet.counters()) };
  await sleep(benchmark.quick ? 10_000 : 60_000);
  const us = cpuUs(server.pid) - from.us;
  const fleetUs = cpuUs(fleet.pid) - from.fleetUs;
  const tookUs = (steadyMs() - from.ms) * 1_000;
  const { beats, disconnects } = await fleet.counters();
  if (disconnects > from.disconnects) throw new Error(`${disconnects - from.disconnects} sessions broke`);
  const delay = server.next("loopDelay", 10_000);
  server.send({ kind: "loopDelay" });
  benchmark.say(
    `  ${Math.round(((beats - from.beats) * 1e6) / tookUs)} beats/s; the agents' process: ${rounded(fleetUs / tookUs)} core`,
  );
  return {
    cpuUsPerBeat: rounded(us / (beats - from.beats)),
    coreShare: rounded(us / tookUs),
    rssKiBPerAgent: rounded((residentBytes(server.pid) - emptyBytes) / 1_024 / agents),
    loopDelayP99Ms: rounded((await delay).p99Ms),
  };
}

async function observeLeader(agents: number, benchmark: Benchmark) {
  const { profileFolder } = benchmark;
  await using cluster = await Cluster.start({ coordinators: 1, profileFolder });
  const submitting = setInterval(() => {
    cluster.client.tasks.submit({ spec: noopSpec }).catch((error: Error) => benchmark.say(error.message));
  }, submitEveryMs);
  try {
    const window = await observe(await cluster.leader(), cluster.addresses[0] ?? "", agents, benchmark);
    return { ...window, falseLosses: await countLosses(cluster) };
  } finally {
    clearInterval(submitting);
  }
}

async function countLosses(cluster: Cluster): Promise<number> {
  let losses = 0;
  for await (const { events = [] } of cluster.client.cluster.events({})) {
    losses += events.filter(({ kind }) => kind === "node.lost").length;
  }
  return losses;
}

async function observeBare(agents: number, benchmark: Benchmark): Promise<Window> {
  const listen = `127.0.0.1:${await freePort()}`;
  await using server: ServerProcess = new Child<ToServer, FromServer>("bare-server.ts", { settings: { listen } });
  await server.next("listening", 10_000);
  return await observe(server, listen, agents, benchmark);
}

await runBenchmark("agents", async (benchmark) => {
  const figures = [];
  for (const agents of sizes) {
    const leader = await observeLeader(agents, benchmark);
    const bare = await observeBare(agents, benchmark);
    figures.push({ agents, ...leader, bareCpuUsPerBeat: bare.cpuUsPerBeat, bareRssKiBPerAgent: bare.rssKiBPerAgent });
    benchmark.say(
      `${agents} agents: ${leader.cpuUsPerBeat} us a beat (bare server ${bare.cpuUsPerBeat}), ${leader.coreShare} of a core, ` +
        `${leader.rssKiBPerAgent} KiB an agent (bare ${bare.rssKiBPerAgent}), loop delay p99 ${leader.loopDelayP99Ms} ms, ` +
        `${leader.falseLosses} false losses`,
    );
  }
  return { ...figures.at(-1), sizes: figures };
});
