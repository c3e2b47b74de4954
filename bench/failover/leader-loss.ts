/** From the end of a leader to the first order of the next, as a simulated agent sees it. */
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, type ServerProcess } from "../cluster/cluster.ts";
import { submitInBatches } from "../load/submission.ts";
import type { Benchmark } from "../measure/benchmark.ts";
import { steadyMs } from "../measure/steady-clock.ts";
import { until } from "../measure/until.ts";
import { Fleet } from "../simulation/fleet.ts";
import { outages } from "./rounds.ts";

const coordinators = 3;
const agents = 3;
/** 120 tasks a second in all, which leaves the leader idle, and never a moment without a node that could take the next. */
const work = { slots: 4, taskMs: 100 };
const queuedTasks = 2_000;
/** Longer than a coordinator that stepped down holds off. */
const restMs = 1_300;
const outageTimeoutMs = 30_000;

/** @returns when the cause took effect, on the steady clock */
type Cause = (leader: ServerProcess, scene: Scene) => Promise<number>;

export async function measureLeaderLosses(benchmark: Benchmark) {
  await using scene = await Scene.start();
  const crash: Cause = async (leader) => {
    const atMs = steadyMs();
    await leader.end("SIGKILL");
    return atMs;
  };
  const hang: Cause = async (leader) => {
    const atMs = steadyMs();
    leader.pause();
    return atMs;
  };
  const handOver: Cause = async (_leader, { cluster }) => {
    const atMs = steadyMs();
    await cluster.client.cluster.stepDown({ reason: "benchmark" });
    return atMs;
  };
  return {
    leaderCrashMs: await outages("leader killed", benchmark, () => scene.round(crash)),
    leaderHangMs: await outages("leader hung", benchmark, () => scene.round(hang)),
    handOverMs: await outages("leadership handed over", benchmark, () => scene.round(handOver)),
  };
}

class Scene implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly #fleet: Fleet;
  #submitted = 0;

  private constructor(cluster: Cluster, fleet: Fleet) {
    this.cluster = cluster;
    this.#fleet = fleet;
  }

  static async start(): Promise<Scene> {
    const cluster = await Cluster.start({ coordinators });
    try {
      return new Scene(cluster, await Fleet.start({ agents, addresses: cluster.addresses, ...work }));
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  async round(cause: Cause): Promise<number> {
    await this.#whole();
    const leader = await this.cluster.leader();
    const ordered = this.#fleet.nextLeaderOrdered(outageTimeoutMs);
    const [causedMs, orderedMs] = await Promise.all([cause(leader, this), ordered]);
    if (leader.isRunning) leader.resume();
    else await this.cluster.startCoordinator(this.cluster.addressOf(leader));
    return orderedMs - causedMs;
  }

  /** All coordinators reach each other, every agent has its sessions, and the queue is long. */
  async #whole(): Promise<void> {
    await until("a whole cluster", async () => {
      const { sessions } = await this.#fleet.counters();
      return sessions === agents * coordinators && (await this.cluster.isLinked()) ? true : null;
    });
    await sleep(restMs);
    const { acknowledged } = await this.#fleet.counters();
    const missing = queuedTasks - (this.#submitted - acknowledged);
    if (missing <= 0) return;
    await submitInBatches(this.cluster.client, { tasks: missing, batchSize: 500, callers: 1 });
    this.#submitted += missing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fleet[Symbol.asyncDispose]();
    await this.cluster[Symbol.asyncDispose]();
  }
}
