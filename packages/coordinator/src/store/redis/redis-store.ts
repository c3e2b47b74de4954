/**
 * The store on a Redis: every act that writes is one Lua script.
 *
 * Three connections, so that nothing waits behind what it must not: the lease's own (a renewal never queues behind a
 * commit, and WAIT blocks only it), one for the log's tail (reads that wait), one for everything else.
 */
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { tailId } from "../../core/tail-id.ts";
import { requireBatch, requireWhole } from "../batch.ts";
import { recordKinds } from "../line.ts";
import type {
  AcquireRequest,
  AcquireResult,
  Batch,
  CommitResult,
  CoordinatorEntry,
  Head,
  Lease,
  LogTail,
  Store,
  StoreMemory,
  StoreReplication,
} from "../store.ts";
import { StoreUnavailable } from "../store.ts";
import { Connection } from "./connection.ts";
import { readHead } from "./head.ts";
import { type Keys, keysOf } from "./keys.ts";
import { load } from "./load.ts";
import { readLog } from "./log-tail.ts";
import { acquireResult, commitResult, leaseOf } from "./reply.ts";
import { Script } from "./script.ts";

export interface RedisStoreOptions {
  /** One of the forms in `redis-url.ts`. */
  readonly url: string;
  readonly tls?: TlsOptions;
  readonly cell: string;
  /** Shown in Redis' list of clients. Default: `holdfast`. */
  readonly clientName?: string;
  /** Default 1,000: an act without an answer for so long rejects. */
  readonly commandTimeoutMs?: number;
  /** How many replicas must have an acquired or renewed lease before it counts. Default 0: none. */
  readonly redisWaitReplicas?: number;
  /** Commits wait for them, too. Default false. */
  readonly commitsWaitForReplicas?: boolean;
  /** Told each time a connection fails or cannot be made. Acts tell their own failures themselves. */
  readonly onConnectionError?: (error: Error) => void;
}

/** The longest that one `readLog` waits; a caller that wants more asks again. */
const logWaitMaxMs = 5_000;
/** Entries that one call of the trim script drops: below 1 ms of Redis for batches of 100 records. */
const trimAtOnce = 256;

const scripts = {
  acquire: new Script("acquire"),
  renew: new Script("renew"),
  release: new Script("release"),
  commit: new Script("commit"),
  trim: new Script("trim"),
  announce: new Script("announce"),
};

/**
 * Resolves when connected, or after the first failure to: then acts reject until one of the tries that go on succeeds.
 * @throws HoldfastError invalidArgument for a bad address
 */
export async function openRedisStore(options: RedisStoreOptions): Promise<RedisStore> {
  const store = new RedisStore(options);
  await store.open();
  return store;
}

export class RedisStore implements Store {
  readonly #keys: Keys;
  readonly #lease: Connection;
  readonly #tail: Connection;
  readonly #main: Connection;
  readonly #waitReplicas: number;
  readonly #bySentinel: boolean;
  readonly #commitsWait: boolean;
  readonly #commandTimeoutMs: number;

  constructor(options: RedisStoreOptions) {
    const { url, tls = {}, clientName = "holdfast", commandTimeoutMs = 1_000, onConnectionError: onError } = options;
    this.#keys = keysOf(options.cell);
    this.#waitReplicas = options.redisWaitReplicas ?? 0;
    this.#bySentinel = url.includes("+sentinel:");
    this.#commitsWait = options.commitsWaitForReplicas ?? false;
    this.#commandTimeoutMs = commandTimeoutMs;
    const connect = (purpose: string, timeoutMs: number) =>
      new Connection({ url, tls, name: `${clientName}-${purpose}`, commandTimeoutMs: timeoutMs, onError });
    this.#lease = connect("lease", commandTimeoutMs);
    this.#tail = connect("tail", commandTimeoutMs + logWaitMaxMs);
    this.#main = connect("main", commandTimeoutMs);
  }

  async open(): Promise<void> {
    await Promise.all([this.#lease, this.#tail, this.#main].map((each) => each.open(this.#commandTimeoutMs)));
  }

  async acquire(request: AcquireRequest): Promise<AcquireResult> {
    const { epoch, coordinatorId, address, ttlMs, takeOverEpoch, lineageToBegin } = request;
    requireWhole("epoch", epoch);
    const args = [epoch, coordinatorId, address, ttlMs, takeOverEpoch ?? "", lineageToBegin ?? ""];
    const reply = await this.#lease.run("acquire the lease", (redis) =>
      scripts.acquire.run(redis, [this.#keys.lease, this.#keys.head], args),
    );
    const result = acquireResult(reply);
    if (result.kind === "acquired") await this.#waitForReplicas(this.#lease, "acquire the lease");
    return result;
  }

  async renew(epoch: number, ttlMs: number): Promise<boolean> {
    const reply = await this.#lease.run("renew the lease", (redis) =>
      scripts.renew.run(redis, [this.#keys.lease], [epoch, ttlMs]),
    );
    if (reply !== 1) return false;
    await this.#waitForReplicas(this.#lease, "renew the lease");
    return true;
  }

  async release(epoch: number): Promise<boolean> {
    const reply = await this.#lease.run("release the lease", (redis) =>
      scripts.release.run(redis, [this.#keys.lease], [epoch]),
    );
    return reply === 1;
  }

  async readLease(): Promise<Lease | null> {
    const text = await this.#lease.run("read the lease", (redis) => redis.get(this.#keys.lease));
    return text === null ? null : leaseOf(text);
  }

  async commit(batch: Batch): Promise<CommitResult> {
    requireBatch(batch);
    const { epoch, sequence, previous, id, lines } = batch;
    const keys = [this.#keys.head, this.#keys.log, ...recordKinds.map(this.#keys.records)];
    const args = [epoch, sequence, previous.epoch, previous.sequence, id, lines.join("\n")];
    const result = commitResult(await this.#main.run("commit", (redis) => scripts.commit.run(redis, keys, args)));
    if (result.kind === "committed" && this.#commitsWait) await this.#waitForReplicas(this.#main, "commit");
    return result;
  }

  head(): Promise<Head | null> {
    return readHead(this.#main, this.#keys);
  }

  load(receive: (lines: readonly string[]) => void): Promise<Head | null> {
    return load(this.#main, this.#keys, receive);
  }

  async readLog(sequence: number, waitMs: number): Promise<LogTail> {
    requireWhole("sequence", sequence);
    return readLog(this.#tail, this.#main, this.#keys, sequence, Math.min(waitMs, logWaitMaxMs));
  }

  async trimLog(epoch: number, keep: number): Promise<void> {
    requireWhole("keep", keep);
    const keys = [this.#keys.head, this.#keys.log];
    const args = [epoch, keep, trimAtOnce];
    while ((await this.#main.run("trim the log", (redis) => scripts.trim.run(redis, keys, args))) !== 0);
  }

  readBody(taskId: string): Promise<string | null> {
    return this.#main.run("read a body", (redis) => redis.hget(this.#keys.records("body"), taskId));
  }

  async readBodies(taskIds: readonly string[]): Promise<readonly (string | null)[]> {
    if (taskIds.length === 0) return [];
    return this.#main.run("read bodies", (redis) => redis.hmget(this.#keys.records("body"), ...taskIds));
  }

  readTail(taskId: string, attempt: number): Promise<string | null> {
    const id = tailId(taskId, attempt);
    return this.#main.run("read an output tail", (redis) => redis.hget(this.#keys.records("tail"), id));
  }

  async announce(entry: CoordinatorEntry, ttlMs: number): Promise<void> {
    await this.#main.run("announce this coordinator", (redis) =>
      scripts.announce.run(redis, [this.#keys.coordinators], [entry.id, JSON.stringify(entry), ttlMs]),
    );
  }

  async coordinators(): Promise<readonly CoordinatorEntry[]> {
    const [[seconds, microseconds], entries] = await this.#main.run("list the coordinators", (redis) =>
      Promise.all([redis.time(), redis.hgetall(this.#keys.coordinators)]),
    );
    const nowMs = Number(seconds) * 1_000 + Number(microseconds) / 1_000;
    return Object.values(entries)
      .map((value) => value.split("\t"))
      .filter(([untilMs]) => Number(untilMs) > nowMs)
      .map(([, json = ""]) => JSON.parse(json));
  }

  async memory(): Promise<StoreMemory> {
    const info = await this.#main.run("read the memory's use", (redis) => redis.info("memory"));
    const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
    return { usedBytes: field("used_memory"), limitBytes: field("maxmemory") };
  }

  async replication(): Promise<StoreReplication> {
    const [info, limits] = await this.#main.run("read how it is replicated", (redis) =>
      Promise.all([redis.info("replication"), redis.config("GET", "min-replicas-*").catch(untold)]),
    );
    const replicas = Number(/^connected_slaves:(\d+)/m.exec(info)?.[1] ?? 0);
    const limit = (name: string) => (limits === null ? null : Number(limits[limits.indexOf(name) + 1]));
    const lagSeconds = limit("min-replicas-max-lag");
    return {
      replicas,
      bySentinel: this.#bySentinel,
      minReplicasToWrite: limit("min-replicas-to-write"),
      minReplicasMaxLagMs: lagSeconds === null ? null : lagSeconds * 1_000,
    };
  }

  async close(): Promise<void> {
    for (const connection of [this.#lease, this.#tail, this.#main]) connection.close();
  }

  /** WAIT counts what this connection wrote, so it follows on the same one; one for each act. */
  async #waitForReplicas(connection: Connection, act: string): Promise<void> {
    if (this.#waitReplicas === 0) return;
    const waitMs = Math.ceil(this.#commandTimeoutMs / 2);
    const reached = await connection.run(act, (redis) => redis.wait(this.#waitReplicas, waitMs));
    if (reached < this.#waitReplicas) {
      throw new StoreUnavailable(`${act}: ${reached} of ${this.#waitReplicas} replicas have it after ${waitMs} ms`);
    }
  }
}

/** Where CONFIG is not allowed, or has another name, as with some who offer Redis as a service. */
function untold(error: unknown): null {
  if (error instanceof Error && /^(NOPERM|ERR unknown command)/.test(error.message)) return null;
  throw error;
}
