/**
 * The Store port of one coordinator's process, on a simulated Redis: three connections as in production, so that a renewal
 * never waits behind a commit. Tells the history what is sent, what is written, and what is answered.
 */
import { tailId } from "@holdfast/coordinator/core/tail-id.ts";
import { requireBatch, requireWhole } from "@holdfast/coordinator/store/batch.ts";
import type { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
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
} from "@holdfast/coordinator/store/store.ts";
import { StoreUnavailable } from "@holdfast/coordinator/store/store.ts";
import type { History } from "../history.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { Network } from "../network/network.ts";
import type { Random } from "../random.ts";
import { type Mishaps, type Purpose, RedisConnection } from "./redis-connection.ts";
import type { RedisDeployment } from "./redis-deployment.ts";
import type { CommandKind, RedisServer, Reply } from "./redis-server.ts";

export interface SimulatedStoreParts {
  readonly process: SimulatedProcess;
  readonly coordinatorId: string;
  readonly network: Network;
  readonly deployment: RedisDeployment;
  readonly random: Random;
  readonly mishaps: Mishaps;
  readonly history: History;
  /** As `redisWaitReplicas`, `durability: replicas` and `stepDownMs` of the coordinator's configuration. */
  readonly waitReplicas: number;
  readonly commitsWaitForReplicas: boolean;
  readonly stepDownMs: number;
}

const commandTimeoutMs = 1_000;
const logWaitMaxMs = 5_000;
const replicaWaitMs = 500;
const limitBytes = 100_000_000;

type Query<Result> = (database: MemoryDatabase, nowMs: number) => Result;

export class SimulatedStore implements Store {
  readonly #parts: SimulatedStoreParts;
  readonly #lease: RedisConnection;
  readonly #tail: RedisConnection;
  readonly #main: RedisConnection;

  constructor(parts: SimulatedStoreParts) {
    this.#parts = parts;
    const connect = (purpose: Purpose) =>
      new RedisConnection({ ...parts, purpose, random: parts.random.stream(purpose) });
    this.#lease = connect("lease");
    this.#tail = connect("tail");
    this.#main = connect("main");
  }

  async acquire(request: AcquireRequest): Promise<AcquireResult> {
    requireWhole("epoch", request.epoch);
    const { history, coordinatorId } = this.#parts;
    const sentAtMs = this.#trueNowMs();
    const result = await this.#run(this.#lease, "writes", (database, nowMs, { serverId }) => {
      const acquired = database.acquire(request, nowMs);
      if (acquired.kind === "acquired") {
        const { lineage, position } = acquired;
        history.record({ kind: "acquired", serverId, coordinatorId, epoch: request.epoch, lineage, position });
      }
      return acquired;
    });
    if (result.kind !== "acquired") return result;
    await this.#waitForReplicas(this.#lease);
    this.#leaseCounted(request.epoch, sentAtMs);
    return result;
  }

  async renew(epoch: number, ttlMs: number): Promise<boolean> {
    const sentAtMs = this.#trueNowMs();
    const renewed = await this.#run(this.#lease, "writes", (database, nowMs) => database.renew(epoch, ttlMs, nowMs));
    if (!renewed) return false;
    await this.#waitForReplicas(this.#lease);
    this.#leaseCounted(epoch, sentAtMs);
    return true;
  }

  async release(epoch: number): Promise<boolean> {
    const { history, coordinatorId } = this.#parts;
    return this.#run(this.#lease, "writes", (database, nowMs) => {
      const released = database.release(epoch, nowMs);
      if (released) history.record({ kind: "leaseReleased", coordinatorId, epoch });
      return released;
    });
  }

  readLease(): Promise<Lease | null> {
    return this.#run(this.#lease, "reads", (database, nowMs) => database.lease(nowMs));
  }

  async commit(batch: Batch): Promise<CommitResult> {
    requireBatch(batch);
    const { history, coordinatorId } = this.#parts;
    history.record({ kind: "commitSent", coordinatorId, batch });
    const act = (database: MemoryDatabase, _nowMs: number, server: RedisServer): CommitResult => {
      const before = database.head()?.position.sequence;
      const result = database.commit(batch);
      const head = database.head();
      if (result.kind !== "committed" || head === null || head.position.sequence === before) return result;
      history.record({ kind: "committed", serverId: server.serverId, coordinatorId, lineage: head.lineage, batch });
      server.wakeWaiters();
      return result;
    };
    try {
      const result = await this.#run(this.#main, "grows", act);
      if (result.kind === "committed" && this.#parts.commitsWaitForReplicas) await this.#waitForReplicas(this.#main);
      history.record({ kind: "commitAnswered", coordinatorId, batch, outcome: result.kind });
      return result;
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        history.record({ kind: "commitAnswered", coordinatorId, batch, outcome: "unknown" });
      }
      throw error;
    }
  }

  head(): Promise<Head | null> {
    return this.#read((database) => database.head());
  }

  async load(receive: (lines: readonly string[]) => void): Promise<Head | null> {
    const { head, lines } = await this.#read((database) => ({ head: database.head(), lines: database.lines() }));
    if (head !== null) receive(lines);
    return head;
  }

  readLog(sequence: number, waitMs: number): Promise<LogTail> {
    requireWhole("sequence", sequence);
    const boundedMs = Math.min(waitMs, logWaitMaxMs);
    const read = (database: MemoryDatabase) => database.tail(sequence);
    const wait = (server: RedisServer, reply: Reply, answer: (reply: Reply) => void) => {
      if (boundedMs <= 0 || !isNothing(reply)) return answer(reply);
      const again = () => {
        stopWaiting();
        timer.cancel();
        server.execute("reads", read, answer);
      };
      const stopWaiting = server.onNextCommit(again);
      const timer = server.process.after(boundedMs, again);
    };
    return this.#tail.run("reads", read, commandTimeoutMs + logWaitMaxMs, wait);
  }

  async trimLog(epoch: number, keep: number): Promise<void> {
    requireWhole("keep", keep);
    await this.#run(this.#main, "writes", (database) => database.trim(epoch, keep));
  }

  readBody(taskId: string): Promise<string | null> {
    return this.#read((database) => database.text("body", taskId));
  }

  readBodies(taskIds: readonly string[]): Promise<readonly (string | null)[]> {
    return this.#read((database) => taskIds.map((taskId) => database.text("body", taskId)));
  }

  readTail(taskId: string, attempt: number): Promise<string | null> {
    return this.#read((database) => database.text("tail", tailId(taskId, attempt)));
  }

  async announce(entry: CoordinatorEntry, ttlMs: number): Promise<void> {
    await this.#run(this.#main, "grows", (database, nowMs) => database.announce(entry, ttlMs, nowMs));
  }

  coordinators(): Promise<readonly CoordinatorEntry[]> {
    return this.#read((database, nowMs) => database.coordinators(nowMs));
  }

  memory(): Promise<StoreMemory> {
    return this.#run(this.#main, "reads", (_database, _nowMs, { isFull }) => ({
      usedBytes: isFull ? limitBytes : limitBytes / 10,
      limitBytes,
    }));
  }

  replication(): Promise<StoreReplication> {
    const { deployment } = this.#parts;
    return this.#run(this.#main, "reads", (_database, _nowMs, server) => ({
      replicas: deployment.replicasOf(server),
      bySentinel: deployment.hasReplicas,
      minReplicasToWrite: deployment.hasReplicas ? 1 : 0,
      minReplicasMaxLagMs: deployment.overlapMs,
    }));
  }

  async close(): Promise<void> {
    for (const connection of [this.#lease, this.#tail, this.#main]) connection.close();
  }

  #read<Result>(query: Query<Result>): Promise<Result> {
    return this.#run(this.#main, "reads", query);
  }

  #run<Result>(
    connection: RedisConnection,
    kind: CommandKind,
    act: (database: MemoryDatabase, nowMs: number, server: RedisServer) => Result,
  ): Promise<Result> {
    const { server } = connection;
    const command = (database: MemoryDatabase, nowMs: number) => act(database, nowMs, server as RedisServer);
    return connection.run<Result>(kind, command, commandTimeoutMs);
  }

  /** As WAIT, on the connection that has written. */
  async #waitForReplicas(connection: RedisConnection): Promise<void> {
    const { waitReplicas, deployment } = this.#parts;
    const { server } = connection;
    if (waitReplicas === 0) return;
    if (server === null) throw new StoreUnavailable("the connection was lost before replicas had it");
    const count = () => deployment.replicasOf(server);
    const wait = (on: RedisServer, reply: Reply, answer: (reply: Reply) => void) => {
      if (count() >= waitReplicas) answer(reply);
      else on.process.after(replicaWaitMs, () => answer({ ok: true, value: count() }));
    };
    const reached = await connection.run<number>("reads", count, commandTimeoutMs, wait);
    if (reached < waitReplicas) throw new StoreUnavailable(`only ${reached} of ${waitReplicas} replicas have it`);
  }

  #trueNowMs(): number {
    return this.#parts.network.time.nowMs;
  }

  #leaseCounted(epoch: number, sentAtMs: number): void {
    const { history, coordinatorId, process, stepDownMs } = this.#parts;
    const deadlineMs = sentAtMs + process.machine.clock.inWorldMs(stepDownMs);
    history.record({ kind: "leaseCounted", coordinatorId, epoch, sentAtMs, deadlineMs });
  }
}

function isNothing(reply: Reply): boolean {
  if (!reply.ok) return false;
  const tail = reply.value as LogTail;
  return tail.kind === "entries" && tail.entries.length === 0;
}
