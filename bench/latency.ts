/**
 * How soon a task starts on an idle cluster, and what submission takes under load.
 *
 * `startedMs`: 500 tasks (--quick: 50) one after the other, on three coordinators, three agents and a Redis as `holdfast
 * up` starts them. From just before the call of Submit, by a client that has connected already, to the moment that the
 * process itself writes down first thing (`stamp.c`, CLOCK_MONOTONIC in nanoseconds, which all processes share).
 * `endSeenMs`: from the same moment until the caller, who follows his tasks with one Watch, has the task's end.
 *
 * `submitP99Ms`: 5,000 calls of Submit a second for 10 s (--quick: 3 s), sent by the clock and not by the answers before
 * (open loop), each counted from when it was due; on one coordinator, with simulated agents that answer at once.
 *
 *   npm run bench -- latency [--json] [--quick]
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { TaskClient } from "@holdfast/shared/client/task-client.ts";
import { taskHasEnded } from "@holdfast/shared/client/task-states.ts";
import { Cluster } from "./cluster/cluster.ts";
import { RealCluster } from "./cluster/real-cluster.ts";
import { PlainSubmitter } from "./load/submission.ts";
import { type Benchmark, runBenchmark } from "./measure/benchmark.ts";
import { percentile } from "./measure/figures.ts";
import { steadyMs } from "./measure/steady-clock.ts";
import { Fleet } from "./simulation/fleet.ts";
import { buildStamp, readStamps } from "./stamp/stamp.ts";

const warmUpTasks = 20;
const submissionsPerS = 5_000;

function spread(samples: readonly number[]) {
  return { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) };
}

/** When each task's end arrived here. */
class Ends {
  readonly #atMs = new Map<string, number>();
  readonly #waiting = new Map<string, (atMs: number) => void>();

  async follow(tasks: TaskClient, name: string, signal: AbortSignal): Promise<void> {
    try {
      for await (const message of tasks.watch({ filter: { name } }, signal)) {
        const atMs = steadyMs();
        for (const task of message.tasks ?? []) if (taskHasEnded(task)) this.#note(task.id ?? "", atMs);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  of(taskId: string): Promise<number> {
    const atMs = this.#atMs.get(taskId);
    if (atMs !== undefined) return Promise.resolve(atMs);
    return new Promise((resolve) => this.#waiting.set(taskId, resolve));
  }

  #note(taskId: string, atMs: number): void {
    this.#atMs.set(taskId, atMs);
    this.#waiting.get(taskId)?.(atMs);
    this.#waiting.delete(taskId);
  }
}

async function oneAfterTheOther({ quick, say }: Benchmark) {
  await using cluster = await RealCluster.start({ coordinators: 3, agents: 3 });
  const { client, folder } = cluster;
  const program = await buildStamp(folder);
  const name = "latency";
  const ends = new Ends();
  const following = new AbortController();
  const watch = ends.follow(client.tasks, name, following.signal);
  const started: number[] = [];
  const endSeen: number[] = [];
  const tasks = quick ? 50 : 500;
  for (let count = -warmUpTasks; count < tasks; count += 1) {
    const file = `${folder}/stamp-${count}`;
    const fromMs = steadyMs();
    const { taskId = "" } = await client.tasks.submit({ spec: { name, argv: [program, file] } });
    const endMs = await Promise.race([ends.of(taskId), watch.then(neverEnds)]);
    const [startMs = Number.NaN] = await readStamps(file);
    if (count < 0) continue;
    started.push(startMs - fromMs);
    endSeen.push(endMs - fromMs);
  }
  following.abort();
  await watch;
  const figures = { startedMs: spread(started), endSeenMs: spread(endSeen) };
  say(`${tasks} tasks one after the other: started ${told(figures.startedMs)}, end seen ${told(figures.endSeenMs)}`);
  return figures;
}

function neverEnds(): never {
  throw new Error("the watch ended before the tasks");
}

function told({ p50, p99 }: { p50: number; p99: number }): string {
  return `p50 ${p50} ms, p99 ${p99} ms`;
}

async function underLoad({ quick, say }: Benchmark) {
  await using cluster = await Cluster.start({ coordinators: 1 });
  await using fleet = await Fleet.start({ agents: 100, addresses: cluster.addresses });
  using submitter = new PlainSubmitter(cluster.addresses[0] ?? "");
  await submitOpenLoop(submitter, submissionsPerS);
  const took = await submitOpenLoop(submitter, submissionsPerS * (quick ? 3 : 10));
  await fleet.acknowledged(submissionsPerS + took.length, 60_000);
  const submitP99Ms = percentile(took, 0.99);
  say(`submit at ${submissionsPerS}/s: p50 ${percentile(took, 0.5)} ms, p99 ${submitP99Ms} ms`);
  return { submitP99Ms };
}

/**
 * @returns how long each took, in ms from when it was due
 * @throws Error when any is refused: a figure of those that were taken would flatter
 */
async function submitOpenLoop(submitter: PlainSubmitter, count: number): Promise<readonly number[]> {
  const took: number[] = [];
  const failures: Error[] = [];
  const calls: Promise<unknown>[] = [];
  const fromMs = steadyMs();
  while (calls.length < count) {
    const due = Math.min(count, ((steadyMs() - fromMs) * submissionsPerS) / 1_000);
    while (calls.length < due) {
      const dueMs = fromMs + (calls.length * 1_000) / submissionsPerS;
      const call = submitter.submit().then(
        () => took.push(steadyMs() - dueMs),
        (error: Error) => failures.push(error),
      );
      calls.push(call);
    }
    await sleep(1);
  }
  await Promise.all(calls);
  if (failures.length > 0) throw new Error(`${failures.length} of ${count} submissions failed`, { cause: failures[0] });
  return took;
}

await runBenchmark("latency", async (benchmark) => ({
  ...(await oneAfterTheOther(benchmark)),
  ...(await underLoad(benchmark)),
}));
