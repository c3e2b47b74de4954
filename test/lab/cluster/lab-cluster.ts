/**
 * A cluster between hosts: three coordinators, agents, Redis with Sentinel, each on a host of its own, with TLS. All of
 * it is gone when it is disposed of, or when this process dies.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Member, MemberWatch } from "@holdfast/cli/up/member.ts";
import { waitUntilReady } from "@holdfast/cli/up/readiness.ts";
import type { Settings } from "@holdfast/cli/up/running-cluster.ts";
import { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { TlsFiles } from "@holdfast/shared/tls.ts";
import { type HostPlace, Network } from "../network/network.ts";
import { Authority } from "./certificates.ts";
import { Host } from "./host.ts";
import { RedisGroup } from "./redis-group.ts";

export interface LabOptions {
  /** Default 3. */
  readonly agents?: number;
  /** Default 3; 1: no replicas and no Sentinel. */
  readonly redisHosts?: number;
  /** Further hosts, on which nothing runs yet. */
  readonly otherHosts?: readonly string[];
  readonly coordinatorSettings?: Settings;
  readonly agentSettings?: Settings;
}

export interface Daemon {
  readonly id: string;
  readonly host: Host;
  readonly member: Member;
  /** What it has said so far. */
  log(): string;
}

export interface CoordinatorDaemon extends Daemon {
  /** `host:port`. */
  readonly address: string;
}

const coordinatorCount = 3;
const port = 7400;
const logLinesShown = 15;
const entry = fileURLToPath(import.meta.resolve("@holdfast/cli/main.ts"));

export class LabCluster implements AsyncDisposable {
  readonly network: Network;
  readonly folder: string;
  readonly redis: RedisGroup;
  readonly coordinators: readonly CoordinatorDaemon[];
  readonly agents: readonly Daemon[];
  readonly otherHosts: readonly Host[];
  /** What ended although nobody ended it, and how. */
  readonly deaths: string[];
  /** The tester's own. */
  readonly #tls: TlsFiles;

  private constructor(network: Network, folder: string, authority: Certified, options: LabOptions) {
    const deaths: string[] = [];
    const watch: MemberWatch = {
      onChange: () => {},
      onDeath: ({ id }, how) => deaths.push(`${id}: ${how}`),
      isKeptDown: () => false,
    };
    const hosts = new Map(network.hosts.map((place) => [place.name, hostAt(place, folder, watch)]));
    const named = (names: readonly string[]) => names.map((name) => hosts.get(name) as Host);
    const names = hostNames(options);
    const coordinatorHosts = named(names.coordinators);
    const addresses = coordinatorHosts.map(({ address }) => `${address}:${port}`);
    this.network = network;
    this.folder = folder;
    this.redis = new RedisGroup(named(names.redis));
    this.coordinators = coordinatorHosts.map((host, index) => {
      const address = addresses[index] as string;
      const own = { id: host.name, number: index + 1, listen: address, redis: this.redis.url, tls: authority.of(host) };
      return { ...daemonOn(host, "coordinator", { ...own, ...options.coordinatorSettings }), address };
    });
    this.agents = named(names.agents).map((host) => {
      const own = { nodeId: host.name, coordinators: addresses, tls: authority.of(host) };
      return daemonOn(host, "agent", { ...own, ...options.agentSettings });
    });
    this.otherHosts = named(names.others);
    this.deaths = deaths;
    this.#tls = authority.tester;
  }

  /** Resolves when a leader leads, and every coordinator hears every agent. */
  static async start(options: LabOptions = {}): Promise<LabCluster> {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-lab-"));
    const network = await Network.up(Object.values(hostNames(options)).flat(), folder);
    try {
      const certified = await certify(network, join(folder, "tls"));
      const cluster = new LabCluster(network, folder, certified, options);
      await cluster.redis.start();
      await Promise.all([...cluster.coordinators, ...cluster.agents].map(({ member }) => member.start()));
      await cluster.ready();
      return cluster;
    } catch (error) {
      await network.down();
      throw error;
    }
  }

  get addresses(): string[] {
    return this.coordinators.map(({ address }) => address);
  }

  get hosts(): readonly Host[] {
    return [...this.coordinators, ...this.agents].map(({ host }) => host).concat(this.redis.hosts, this.otherHosts);
  }

  coordinator(id: string): CoordinatorDaemon {
    return withId(this.coordinators, id);
  }

  agent(id: string): Daemon {
    return withId(this.agents, id);
  }

  /** From the tester's host, which no fault concerns. */
  clientOf(daemons: readonly CoordinatorDaemon[] = this.coordinators): HoldfastClient {
    return new HoldfastClient({ addresses: daemons.map(({ address }) => address), tls: this.#tls });
  }

  /** The tester's certificate, for those who speak to coordinators in their own way. */
  get testerTls(): TlsFiles {
    return this.#tls;
  }

  /** Resolves when a leader leads, and every coordinator that runs hears every agent that runs. */
  async ready(withinMs = 60_000): Promise<void> {
    const wanted = <Kind extends Daemon>(daemons: readonly Kind[]) => daemons.filter(({ member }) => member.isWanted);
    await waitUntilReady({
      addresses: () => wanted(this.coordinators).map(({ address }) => address),
      nodeIds: () => wanted(this.agents).map(({ id }) => id),
      tls: this.#tls,
      withinMs,
      signal: undefined,
      logs: [...this.coordinators, ...this.agents].map(({ member }) => member.plan.logFile),
    });
  }

  /** For the message of a failure. */
  lastLines(): string {
    const members = this.hosts.flatMap((host) => host.members).filter(({ plan }) => existsSync(plan.logFile));
    return members
      .map(({ id, plan }) => {
        const lines = readFileSync(plan.logFile, "utf8").trimEnd().split("\n").slice(-logLinesShown);
        return [`the last lines of ${id}:`, ...lines.map((line) => `  ${line}`)].join("\n");
      })
      .join("\n");
  }

  async stop(): Promise<void> {
    // The keeper kills what runs; members that are not wanted any more are not started again meanwhile.
    const killed = this.hosts.map((host) => host.kill());
    await Promise.all(killed);
    await this.network.down();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

interface Certified {
  readonly tester: TlsFiles;
  of(host: HostPlace): TlsFiles;
}

async function certify(network: Network, folder: string): Promise<Certified> {
  const authority = await Authority.make(folder);
  const tester = await authority.certify("tester", network.testerAddress);
  const made = await Promise.all(
    network.hosts.map(async ({ name, address }) => [name, await authority.certify(name, address)] as const),
  );
  const files = new Map(made);
  return { tester, of: ({ name }) => files.get(name) as TlsFiles };
}

function hostNames({ agents = 3, redisHosts = 3, otherHosts = [] }: LabOptions) {
  return {
    coordinators: numbered("coordinator", coordinatorCount),
    agents: numbered("node", agents),
    redis: numbered("redis", redisHosts),
    others: otherHosts,
  };
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);
}

function hostAt(place: HostPlace, folder: string, watch: MemberWatch): Host {
  return new Host(place, join(folder, "hosts", place.name), watch);
}

function daemonOn(host: Host, role: "coordinator" | "agent", settings: Settings): Daemon {
  const file = join(host.folder, `${role}.yaml`);
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ dataDir: join(host.folder, host.name), ...settings }, null, 2));
  const args = [entry, role, "--config", file];
  const member = host.install({ id: host.name, role, command: process.execPath, args });
  return { id: host.name, host, member, log: () => readFileSync(member.plan.logFile, "utf8") };
}

function withId<Kind extends Daemon>(daemons: readonly Kind[], id: string): Kind {
  const found = daemons.find((daemon) => daemon.id === id);
  if (found === undefined) throw new Error(`there is no ${id} in this lab`);
  return found;
}
