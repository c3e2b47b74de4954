/**
 * Who has a role when a fault strikes, and who is free for one: a host whose processes are being dealt with already is left
 * alone, as is the link of one that is slow, and Redis unless it is whole.
 */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { Host } from "../cluster/host.ts";
import type { CoordinatorDaemon, Daemon, LabCluster } from "../cluster/lab-cluster.ts";

const statusMs = 1_000;

export class Roles implements Disposable {
  readonly #cluster: LabCluster;
  readonly #busyHosts: ReadonlySet<string>;
  readonly #slowHosts: ReadonlySet<string>;
  readonly #clients: readonly HoldfastClient[];

  /** @param busyHosts and @param slowHosts names of hosts, kept by whoever strikes */
  constructor(cluster: LabCluster, busyHosts: ReadonlySet<string>, slowHosts: ReadonlySet<string>) {
    this.#cluster = cluster;
    this.#busyHosts = busyHosts;
    this.#slowHosts = slowHosts;
    this.#clients = cluster.coordinators.map((coordinator) => cluster.clientOf([coordinator]));
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client.close();
  }

  /** By the highest epoch that any coordinator tells of; null: nobody tells of any. */
  async leader(): Promise<CoordinatorDaemon | null> {
    const answers = await Promise.all(
      this.#clients.map((client) => client.cluster.status({}, { deadlineMs: statusMs }).catch(() => null)),
    );
    const [newest] = answers
      .filter((answer) => answer !== null && (answer.leaderId ?? "") !== "")
      .sort((one, other) => (other?.epoch ?? 0) - (one?.epoch ?? 0));
    return newest?.leaderId === undefined ? null : this.#cluster.coordinator(newest.leaderId);
  }

  async standby(choice: number): Promise<CoordinatorDaemon | null> {
    const leader = await this.leader();
    const standbys = this.#cluster.coordinators.filter((one) => one !== leader);
    return standbys[choice % standbys.length] ?? null;
  }

  agent(choice: number): Daemon {
    return this.#cluster.agents[choice % this.#cluster.agents.length] as Daemon;
  }

  anyHost(choice: number): Host {
    return this.#cluster.hosts[choice % this.#cluster.hosts.length] as Host;
  }

  /** The host of the primary, when the group could replace it. */
  async primary(): Promise<Host | null> {
    if (!(await this.#redisIsFree())) return null;
    return this.#cluster.redis.primary();
  }

  async replica(choice: number): Promise<Host | null> {
    const primary = await this.primary();
    if (primary === null) return null;
    const replicas = this.#cluster.redis.hosts.filter((host) => host !== primary);
    return replicas[choice % replicas.length] ?? null;
  }

  /** The daemon itself, unless its host is busy or it does not run. */
  free<Kind extends Daemon>(daemon: Kind | null): Kind | null {
    const isFree = daemon !== null && daemon.member.pid !== null && !this.#busyHosts.has(daemon.host.name);
    return isFree ? daemon : null;
  }

  freeLink(choice: number): Host | null {
    const host = this.anyHost(choice);
    return this.#slowHosts.has(host.name) ? null : host;
  }

  async #redisIsFree(): Promise<boolean> {
    const { redis } = this.#cluster;
    return !redis.hosts.some(({ name }) => this.#busyHosts.has(name)) && (await redis.looksWhole());
  }
}
