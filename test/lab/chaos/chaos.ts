/** One run of chaos, from an empty lab to the verdict. */
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "@holdfast/cli/up/running-cluster.ts";
import { LabCluster } from "../cluster/lab-cluster.ts";
import { failoverTimeoutMs, replicaLagMaxMs } from "../cluster/redis-group.ts";
import { type Findings, type Verdict, violationsOf } from "../history/check-history.ts";
import { HearingWitness } from "../history/hearing-witness.ts";
import { HistoryFolder } from "../history/history-folder.ts";
import { outcomeLine } from "../history/records.ts";
import { countLeaderChanges, countSentinelFailovers, outcomeOf, tasksWhenEnded } from "./aftermath.ts";
import { Load } from "./load.ts";
import { type FaultKind, planFaults } from "./plan.ts";
import { Storm } from "./storm.ts";

export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly exclusivePercent: number;
}

/** The last line of the run. Counts of what must not be are followed by what was found. */
export interface ChaosFigures {
  readonly minutes: number;
  readonly seed: number;
  readonly tasks: number;
  readonly exclusiveTasks: number;
  readonly runs: number;
  readonly exclusiveReruns: number;
  readonly leaderChanges: number;
  readonly sentinelFailovers: number;
  readonly lost: number;
  readonly untrue: number;
  readonly failed: number;
  /** Second completions altogether, and those that at-least-once does not allow. */
  readonly completedTwice: number;
  readonly completedTwiceOutsideRule: number;
  readonly exclusiveOverlaps: number;
  readonly startedTwice: number;
  readonly split: number;
  /** Processes that ended although nobody ended them. */
  readonly deaths: readonly string[];
  readonly faults: Partial<Record<FaultKind, number>>;
}

const agents = 5;
const tasksPerS = 5.5;
const clients = 4;
const readyWithinMs = 120_000;
const endWithinMs = 180_000;

/**
 * Nothing that is acknowledged may be lost with one Redis. Leases are short, so that the faults outlast them: with the
 * defaults, an exclusive task would outlive almost every one of them.
 */
const coordinatorSettings: Settings = {
  durability: "replicas",
  redisWaitReplicas: 1,
  redisOverlapMs: failoverTimeoutMs + replicaLagMaxMs,
  exclusiveLeaseMs: 6_000,
  exclusiveKillMs: 2_000,
  exclusiveEnforcementMs: 1_000,
  exclusiveReassignMs: 10_000,
};

/** @throws Error when the run could not be carried out; then nothing is known */
export async function runChaos(
  options: ChaosOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<{ figures: ChaosFigures; violations: number }> {
  say(`seed ${options.seed}, ${options.minutes} minutes; starting the lab`);
  await using cluster = await LabCluster.start({ agents, coordinatorSettings });
  const history = HistoryFolder.begin(cluster.folder);
  try {
    const faults = await strikeUnderLoad(cluster, history, options, say, signal);
    signal.throwIfAborted();
    using client = cluster.clientOf();
    const leaderChanges = await countLeaderChanges(client);
    const verdict = HistoryFolder.judge(cluster.folder);
    const violations = violationsOf(verdict) + cluster.deaths.length;
    if (violations > 0) {
      cluster.network.keepFolder();
      writeFileSync(join(cluster.folder, "verdict.json"), `${JSON.stringify(verdict, null, 2)}\n`);
      say(`promises were broken; everything that was written is in ${cluster.folder}, the verdict in verdict.json`);
    }
    const changes = { leaderChanges, sentinelFailovers: countSentinelFailovers(cluster) };
    return { figures: { ...figuresOf(options, verdict), ...changes, deaths: cluster.deaths, faults }, violations };
  } catch (error) {
    if (!signal.aborted) {
      cluster.network.keepFolder();
      say(`everything that was written is in ${cluster.folder}`);
    }
    throw error;
  }
}

/** Resolves when all is healed and every task has ended. */
async function strikeUnderLoad(
  cluster: LabCluster,
  history: HistoryFolder,
  { minutes, seed, exclusivePercent }: ChaosOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Partial<Record<FaultKind, number>>> {
  const durationMs = minutes * 60_000;
  const load = new Load(cluster, history, { seed, tasksPerS, exclusivePercent, clients });
  const storm = new Storm(cluster, say);
  // Whoever fails ends the others.
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const fail = (error: unknown) => {
    failed.abort(error);
    throw error;
  };
  await using _witness = new HearingWitness(cluster, history.hearingsFile);
  await Promise.all([
    storm.rage(planFaults(seed, durationMs), either).catch(fail),
    load.run(durationMs, either).catch(fail),
  ]);
  signal.throwIfAborted();
  say(`all is healed; ${load.acknowledged} tasks were acknowledged`);
  await cluster.ready(readyWithinMs);
  using client = cluster.clientOf();
  const tasks = await tasksWhenEnded(client, endWithinMs);
  appendFileSync(history.outcomesFile, tasks.map((task) => outcomeLine(outcomeOf(task))).join(""));
  return storm.struck;
}

function figuresOf({ minutes, seed }: ChaosOptions, verdict: Verdict) {
  const count = (findings: Findings) => Object.keys(findings).length;
  const { tasks, exclusiveTasks, runs, exclusiveReruns } = verdict;
  return {
    ...{ minutes, seed, tasks, exclusiveTasks, runs, exclusiveReruns },
    lost: count(verdict.lost),
    untrue: count(verdict.untrue),
    failed: count(verdict.failed),
    completedTwice: count(verdict.completedTwice),
    completedTwiceOutsideRule: count(verdict.completedTwiceOutsideRule),
    exclusiveOverlaps: count(verdict.exclusiveOverlaps),
    startedTwice: count(verdict.startedTwice),
    split: count(verdict.split),
  };
}
