/** A cluster as `holdfast up` runs it, agents and their supervisors included, in a temporary folder. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findNodeProcesses } from "@holdfast/cli/up/node-processes.ts";
import { type ClusterOptions, type RunningCluster, startCluster } from "@holdfast/cli/up/running-cluster.ts";
import { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";

export class RealCluster implements AsyncDisposable {
  readonly running: RunningCluster;
  readonly client: HoldfastClient;
  /** For files of the benchmark's own; gone with the cluster. */
  readonly folder: string;

  private constructor(running: RunningCluster, folder: string) {
    this.running = running;
    this.folder = folder;
    this.client = new HoldfastClient({ addresses: running.addresses });
    process.once("exit", this.#killAll);
  }

  static async start(options: Omit<ClusterOptions, "dataDir">): Promise<RealCluster> {
    const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
    try {
      return new RealCluster(await startCluster({ dataDir: join(folder, "cluster"), ...options }), folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Its processes have groups of their own and would outlive a benchmark that is interrupted. */
  readonly #killAll = (): void => {
    const { agents, coordinators, redis } = this.running;
    const members = [...agents, ...coordinators, ...(redis === null ? [] : [redis])];
    for (const { pid } of members) kill(pid ?? 0);
    for (const { plan } of agents) {
      const { supervisors, tasks } = findNodeProcesses(plan.dataDir);
      for (const { pid } of [...supervisors, ...tasks]) kill(pid);
    }
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.running.stop();
    process.off("exit", this.#killAll);
    await rm(this.folder, { recursive: true, force: true });
  }
}

function kill(pid: number): void {
  try {
    if (pid > 0) process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
