/** A Redis of its own, with every write on disk before it is answered, and coordinators as processes on it. */
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { coordinatorProgram } from "@holdfast/cli/daemons/become.ts";
import { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { type RedisServer, startRedis } from "@holdfast/test/harness/redis.ts";
import { Child } from "../measure/child.ts";
import { freePort } from "./free-port.ts";
import type { FromServer, ToServer } from "./server-messages.ts";

export type ServerProcess = Child<ToServer, FromServer>;

export interface ClusterOptions {
  readonly coordinators: number;
  /** Settings of every coordinator, as text; see `deploy/config/coordinator.example.yaml`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly profileFolder?: string | undefined;
}

const startTimeoutMs = 30_000;
const lookMs = 10;

export class Cluster implements AsyncDisposable {
  readonly redis: RedisServer;
  readonly folder: string;
  readonly addresses: readonly string[];
  readonly client: HoldfastClient;
  readonly #options: ClusterOptions;
  readonly #processes = new Map<string, ServerProcess>();

  private constructor(redis: RedisServer, folder: string, addresses: readonly string[], options: ClusterOptions) {
    this.redis = redis;
    this.folder = folder;
    this.addresses = addresses;
    this.#options = options;
    this.client = new HoldfastClient({ addresses });
  }

  /** Resolves when one of them leads. */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const redis = await startRedis();
    const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
    const addresses: string[] = [];
    while (addresses.length < options.coordinators) addresses.push(`127.0.0.1:${await freePort()}`);
    const cluster = new Cluster(redis, folder, addresses, options);
    try {
      await Promise.all(addresses.map((address) => cluster.startCoordinator(address)));
      await cluster.leader();
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  /** Starts the coordinator of this address, for the first time or again. Resolves when it listens. */
  async startCoordinator(address: string): Promise<void> {
    const number = this.addresses.indexOf(address) + 1;
    const logFile = join(this.folder, `coordinator-${number}.log`);
    const { settings, profileFolder } = this.#options;
    const child: ServerProcess = new Child("coordinator-process.ts", {
      settings: {
        number: String(number),
        listen: address,
        redis: this.redis.url,
        dataDir: join(this.folder, `coordinator-${number}`),
        ...settings,
      },
      logFile,
      nodeOptions: [
        ...coordinatorProgram.nodeFlags,
        ...(profileFolder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`]),
      ],
    });
    this.#processes.set(address, child);
    try {
      await child.next("listening", startTimeoutMs);
    } catch (error) {
      throw new Error(`a coordinator did not start:\n${await readFile(logFile, "utf8")}`, { cause: error });
    }
    // What waits for it then fails with a timeout that would not tell why.
    child.onDeath(() => console.error(`${address} has died; its log ends:\n${lastLines(logFile)}`));
  }

  /** The process that leads now; waits until one does. */
  async leader(): Promise<ServerProcess> {
    const deadlineMs = performance.now() + startTimeoutMs;
    for (;;) {
      const process = this.#processes.get(await this.#leaderAddress());
      if (process?.isRunning) return process;
      if (performance.now() > deadlineMs) throw new Error(`no coordinator leads after ${startTimeoutMs} ms`);
      await sleep(lookMs);
    }
  }

  /** Every coordinator is known, and whoever answers reaches all of them. */
  async isLinked(): Promise<boolean> {
    const { coordinators = [] } = await this.client.cluster.status();
    return coordinators.length === this.addresses.length && coordinators.every(({ reachable }) => reachable);
  }

  addressOf(process: ServerProcess): string {
    for (const [address, one] of this.#processes) if (one === process) return address;
    throw new Error("not a coordinator of this cluster");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    const signal = this.#options.profileFolder === undefined ? "SIGKILL" : "SIGTERM";
    await Promise.all([...this.#processes.values()].map((process) => process.end(signal)));
    await this.redis.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #leaderAddress(): Promise<string> {
    try {
      return (await this.client.cluster.status({}, { deadlineMs: 1_000 })).leaderAddress ?? "";
    } catch (error) {
      if (error instanceof HoldfastError) return "";
      throw error;
    }
  }
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").split("\n").slice(-30).join("\n");
}
