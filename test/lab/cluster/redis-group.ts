/**
 * Redis as a cluster that must not lose anything has it: a primary, two replicas, and a Sentinel beside each of them. The
 * primary takes no writes that no replica would get, so that one which was cut off stops by itself.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Member } from "@holdfast/cli/up/member.ts";
import { eventually, until } from "../../harness/waiting.ts";
import { run } from "../network/command.ts";
import type { Host } from "./host.ts";

/** How long a primary may be silent before it is replaced, and how long a fail-over may take. */
const downAfterMs = 1_000;
export const failoverTimeoutMs = 3_000;
/** A replica that has been silent for so long does not count for `min-replicas-to-write`. */
export const replicaLagMaxMs = 2_000;

const port = 6379;
const sentinelPort = 26379;
const groupName = "main";
const quorum = 2;
const readyWithinMs = 60_000;

export class RedisGroup {
  readonly hosts: readonly Host[];
  /** For the coordinators' `redis`. */
  readonly url: string;
  readonly #servers: readonly Member[];
  readonly #sentinels: readonly Member[];

  /** @param hosts the first one's Redis is the primary; one host alone has no Sentinel */
  constructor(hosts: readonly Host[]) {
    const [first] = hosts;
    if (first === undefined) throw new Error("Redis needs a host");
    this.hosts = hosts;
    this.#servers = hosts.map((host) => host.install(server(host, first, hosts.length > 1)));
    this.#sentinels = hosts.length > 1 ? hosts.map((host) => host.install(sentinel(host, first))) : [];
    this.url =
      hosts.length > 1
        ? `redis+sentinel://${hosts.map(({ address }) => `${address}:${sentinelPort}`).join(",")}/${groupName}`
        : `redis://${first.address}:${port}`;
  }

  /** Resolves when every replica is in step and every Sentinel knows all others: only then can it fail over. */
  async start(): Promise<void> {
    await Promise.all(this.#servers.map((member) => member.start()));
    const [first] = this.hosts;
    await until(`${this.hosts.length - 1} replicas in step`, async () => (await this.#replicasInStep(first)) === 0, {
      withinMs: readyWithinMs,
    });
    await Promise.all(this.#sentinels.map((member) => member.start()));
    await this.isWhole();
  }

  /** Resolves when a fail-over would find everything that it needs. */
  async isWhole(withinMs = readyWithinMs): Promise<void> {
    if (this.#sentinels.length === 0) return;
    const wanted = `every Sentinel to know ${this.hosts.length} living servers of the same primary`;
    await until(wanted, () => this.looksWhole(), { withinMs });
  }

  async looksWhole(): Promise<boolean> {
    if (this.#sentinels.length === 0) return true;
    const primaries = await Promise.all(this.hosts.map((host) => this.#primarySeenBy(host)));
    const [primary] = primaries;
    if (primary === undefined || primaries.some((one) => one?.address !== primary.address)) return false;
    if (primaries.some((one) => one?.usable !== true)) return false;
    const host = this.hosts.find(({ address }) => address === primary.address);
    return host !== undefined && (await this.#replicasInStep(host)) === 0;
  }

  /** Where the primary is, as most of the Sentinels say that answer. */
  async primary(): Promise<Host> {
    if (this.#sentinels.length === 0) return this.hosts[0] as Host;
    return eventually("a Sentinel that knows the primary", async () => {
      const seen = await Promise.all(this.hosts.map((host) => this.#primarySeenBy(host)));
      const votes = (address: string) => seen.filter((one) => one?.address === address).length;
      const [winner] = [...this.hosts].sort((one, other) => votes(other.address) - votes(one.address));
      return winner !== undefined && votes(winner.address) > 0 ? winner : undefined;
    });
  }

  /** Once there, another host's Redis is the primary. */
  async failedOver(from: Host, withinMs = 30_000): Promise<Host> {
    return eventually(
      `another primary than ${from.name}`,
      async () => {
        const primary = await this.primary();
        return primary === from ? undefined : primary;
      },
      { withinMs },
    );
  }

  serverOf(host: Host): Member {
    return this.#servers[this.hosts.indexOf(host)] as Member;
  }

  sentinelOf(host: Host): Member | undefined {
    return this.#sentinels[this.hosts.indexOf(host)];
  }

  /** Replicas that are not connected and in step. */
  async #replicasInStep(primary: Host | undefined): Promise<number> {
    const told = primary === undefined ? null : await ask(primary, port, ["info", "replication"]);
    if (told === null) return this.hosts.length;
    return this.hosts.length - 1 - [...told.matchAll(/^slave\d+:.*state=online/gm)].length;
  }

  async #primarySeenBy(host: Host): Promise<{ address: string; usable: boolean } | undefined> {
    const told = await ask(host, sentinelPort, ["sentinel", "master", groupName]);
    if (told === null) return undefined;
    const lines = told.split("\n");
    const field = (name: string) => lines[lines.indexOf(name) + 1] ?? "";
    const others = this.hosts.length - 1;
    const knowsAll = Number(field("num-slaves")) === others && Number(field("num-other-sentinels")) === others;
    return { address: field("ip"), usable: knowsAll && field("flags") === "master" };
  }
}

/** Null: it does not answer. */
async function ask(host: Host, toPort: number, command: readonly string[]): Promise<string | null> {
  try {
    return await run("timeout", ["2", "redis-cli", "--raw", "-h", host.address, "-p", String(toPort), ...command]);
  } catch {
    return null;
  }
}

function server(host: Host, first: Host, hasReplicas: boolean) {
  const id = host.name;
  const settings: Record<string, string> = {
    port: String(port),
    bind: "0.0.0.0",
    "protected-mode": "no",
    dir: join(host.folder, id),
    appendonly: "yes",
    appendfsync: "everysec",
    "maxmemory-policy": "noeviction",
    save: "",
    "repl-diskless-sync-delay": "0",
  };
  if (hasReplicas) {
    settings["min-replicas-to-write"] = "1";
    settings["min-replicas-max-lag"] = String(replicaLagMaxMs / 1_000);
    if (host !== first) settings["replicaof"] = `${first.address} ${port}`;
  }
  // A file, and not arguments: Sentinel has the server write into it what it is from then on.
  const file = join(host.folder, `${id}.conf`);
  writeFileSync(file, lines(Object.entries(settings).map(([name, value]) => `${name} ${value === "" ? '""' : value}`)));
  return { id, role: "redis", command: "redis-server", args: [file] } as const;
}

function sentinel(host: Host, first: Host) {
  const id = `sentinel-of-${host.name}`;
  const file = join(host.folder, `${id}.conf`);
  writeFileSync(
    file,
    lines([
      `port ${sentinelPort}`,
      "bind 0.0.0.0",
      "protected-mode no",
      `dir ${join(host.folder, id)}`,
      `sentinel monitor ${groupName} ${first.address} ${port} ${quorum}`,
      `sentinel down-after-milliseconds ${groupName} ${downAfterMs}`,
      `sentinel failover-timeout ${groupName} ${failoverTimeoutMs}`,
      `sentinel parallel-syncs ${groupName} 2`,
    ]),
  );
  return { id, role: "redis", command: "redis-server", args: [file, "--sentinel"] } as const;
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
