/**
 * The cluster that the demo plays on, one of its own or one that `holdfast up` runs, and the means to kill its members:
 * from outside and by force, as an accident would. Whoever runs the cluster starts them again only when told to.
 */
import { mkdirSync } from "node:fs";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { type ClusterFile, readClusterFile } from "../up/cluster-file.ts";
import { ClusterLayout } from "../up/layout.ts";
import { findNodeProcesses, killNodeProcesses } from "../up/node-processes.ts";
import { isAlive, signalProcess } from "../up/process-identity.ts";
import { waitUntilReady } from "../up/readiness.ts";
import { startCluster } from "../up/running-cluster.ts";

type StageMember = ClusterFile["members"][number];

export interface NodeKill {
  readonly atMs: number;
  /** Besides the agent's own: launcher, supervisors and tasks. */
  readonly processes: number;
}

const returnedWithinMs = 20_000;

export class Stage {
  readonly isOwn: boolean;
  readonly #layout: ClusterLayout;
  readonly #stop: () => Promise<void>;
  readonly #keptDown = new Set<string>();

  private constructor(dataDir: string, own: { readonly stop: () => Promise<void> } | null) {
    this.#layout = new ClusterLayout(dataDir);
    this.isOwn = own !== null;
    this.#stop = own?.stop ?? (async () => {});
  }

  /** Starts three coordinators, three agents and a Redis on ports that are free. */
  static async ofItsOwn(dataDir: string, signal: AbortSignal): Promise<Stage> {
    mkdirSync(dataDir, { recursive: true });
    const cluster = await startCluster({ dataDir, signal });
    return new Stage(dataDir, { stop: () => cluster.stop() });
  }

  /** @param dataDir of a cluster that runs */
  static running(dataDir: string): Stage {
    return new Stage(dataDir, null);
  }

  get addresses(): readonly string[] {
    return this.#file().addresses;
  }

  /** Ids of the members that run. */
  idsOf(role: "agent" | "coordinator"): string[] {
    return this.#file()
      .members.filter((member) => member.role === role && isAlive(member))
      .map(({ id }) => id);
  }

  /** SIGKILL to the agent and to all that runs on its node. */
  async killNode(id: string): Promise<NodeKill> {
    const member = this.#member(id);
    const { supervisors, tasks } = findNodeProcesses(member.dataDir);
    const atMs = this.#kill(member);
    await killNodeProcesses(member.dataDir);
    return { atMs, processes: supervisors.length + tasks.length };
  }

  /** SIGKILL. @returns the Unix time of it */
  killCoordinator(id: string): number {
    return this.#kill(this.#member(id));
  }

  /** The cluster starts its dead members again. */
  letUp(): void {
    for (const id of this.#keptDown) this.#layout.letUp(id);
  }

  /** Resolves when every coordinator serves and hears every agent again. @throws HoldfastError unavailable */
  async whole(signal: AbortSignal): Promise<void> {
    const { addresses, members } = this.#file();
    const nodeIds = members.filter(({ role }) => role === "agent").map(({ id }) => id);
    await waitUntilReady({
      addresses: () => addresses,
      nodeIds: () => nodeIds,
      withinMs: returnedWithinMs,
      signal,
      logs: [...this.#keptDown].map((id) => this.#layout.logOf(id)),
    });
  }

  async close(): Promise<void> {
    this.letUp();
    await this.#stop();
  }

  #kill(member: StageMember): number {
    this.#layout.keepDown(member.id);
    this.#keptDown.add(member.id);
    const atMs = Date.now();
    if (!signalProcess(member, "SIGKILL"))
      throw new HoldfastError("failedPrecondition", `${member.id} (pid ${member.pid}) died before the demo killed it`);
    return atMs;
  }

  #member(id: string): StageMember {
    const member = this.#file().members.find((candidate) => candidate.id === id);
    if (member === undefined)
      throw new HoldfastError("failedPrecondition", `${id} is not of the cluster in ${this.#layout.clusterFile}`);
    return member;
  }

  #file(): ClusterFile {
    const file = readClusterFile(this.#layout.clusterFile);
    if (file === null) throw new HoldfastError("failedPrecondition", `${this.#layout.clusterFile} cannot be read`);
    return file;
  }
}

/** For the exit of this process, when nothing can be waited for: kills what a cluster of the demo's own consists of. */
export function abandonCluster(dataDir: string): void {
  const members = readClusterFile(new ClusterLayout(dataDir).clusterFile)?.members ?? [];
  for (const member of members) signalProcess(member, "SIGKILL");
  for (const { role, dataDir: memberDir } of members) {
    if (role !== "agent") continue;
    const { supervisors, tasks } = findNodeProcesses(memberDir);
    for (const target of [...supervisors, ...tasks]) signalProcess(target, "SIGKILL");
  }
}
