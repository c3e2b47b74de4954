/**
 * Real coordinators that a fuzz test shoots at: two of them, so that there is a link between them and writes are passed on.
 * Whatever was sent, they must be unharmed: the same processes, serving as before, with nothing unforeseen in their logs.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Member } from "@holdfast/cli/up/member.ts";
import { type RunningCluster, startCluster } from "@holdfast/cli/up/running-cluster.ts";
import { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { expect } from "vitest";
import { patienceMs } from "../harness/waiting.ts";
import { inspectable, type MemoryUse, ProcessMemory } from "./process-memory.ts";
import { RawClient } from "./raw-client.ts";

const MiB = 1024 ** 2;
/** What two equal rounds may differ by when nothing is kept of them: caches fill, code is compiled. */
export const heldGrowthMaxBytes = 8 * MiB;
export const residentGrowthMaxBytes = 48 * MiB;
/** pino's levels of what should not have happened. */
const errorLevel = 50;

/** A task that waits, whatever nodes there are. */
export const notYet = { argv: ["true"], notBeforeMs: Date.now() + 86_400_000 };

export class Target implements AsyncDisposable {
  readonly cluster: RunningCluster;
  readonly leader: Member;
  readonly standby: Member;
  readonly client: HoldfastClient;
  readonly #folder: string;
  readonly #pids: readonly (number | null)[];

  private constructor(cluster: RunningCluster, leader: Member, folder: string) {
    this.cluster = cluster;
    this.leader = leader;
    this.standby = cluster.coordinators.find((member) => member !== leader) as Member;
    this.client = new HoldfastClient({ addresses: cluster.addresses });
    this.#folder = folder;
    this.#pids = cluster.coordinators.map(({ pid }) => pid);
  }

  static async start({ agents = 0 } = {}): Promise<Target> {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-fuzz-"));
    const before = process.env["NODE_OPTIONS"];
    process.env["NODE_OPTIONS"] = `${before ?? ""} ${inspectable}`;
    try {
      const dataDir = join(folder, "cluster");
      const cluster = await startCluster({ dataDir, coordinators: 2, agents, readyWithinMs: patienceMs * 2 });
      using client = new HoldfastClient({ addresses: cluster.addresses });
      const { leaderId = "" } = await client.cluster.status();
      return new Target(cluster, cluster.coordinator(leaderId), folder);
    } finally {
      if (before === undefined) delete process.env["NODE_OPTIONS"];
      else process.env["NODE_OPTIONS"] = before;
    }
  }

  rawClient(member: Member = this.leader): RawClient {
    return new RawClient(addressOf(member));
  }

  /** Where the leader's log stands; grows with each change of the state. */
  async revision(): Promise<string> {
    return (await this.client.tasks.list({ pageSize: 1 })).read?.revision ?? "";
  }

  async memoryUse(member: Member = this.leader): Promise<MemoryUse> {
    using memory = await ProcessMemory.of(member.plan.logFile);
    return await memory.use();
  }

  /** Each of them lives, is the process that it was, answers a write and a read, and has logged nothing unforeseen. */
  async expectUnharmed(): Promise<void> {
    expect(
      this.cluster.coordinators.map(({ pid }) => pid),
      "no coordinator should have died",
    ).toEqual(this.#pids);
    for (const member of this.cluster.coordinators) {
      using direct = new HoldfastClient({ addresses: [addressOf(member)] });
      const { taskId = "" } = await direct.tasks.submit({ spec: notYet });
      const { task } = await direct.tasks.get({ taskId });
      expect(task, `${member.id} should answer as before`).toMatchObject({ id: taskId, state: "TASK_STATE_PENDING" });
      await direct.tasks.cancel({ taskId });
      expect(errorsIn(member), `${member.id} should have logged no error`).toEqual([]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.cluster.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export function addressOf({ plan }: Member): string {
  if (plan.address === undefined) throw new Error(`expected that ${plan.id} listens somewhere`);
  return plan.address;
}

function errorsIn({ plan }: Member): string[] {
  const lines = readFileSync(plan.logFile, "utf8").split("\n");
  return lines.filter((line) => line.startsWith("{") && (JSON.parse(line) as { level: number }).level >= errorLevel);
}
