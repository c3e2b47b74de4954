/** The store in memory, for tests and for simulated clusters: the clock and the waiting are the caller's. */
import { setTimeout as sleepForReal } from "node:timers/promises";
import { tailId } from "../../core/tail-id.ts";
import { requireBatch, requireWhole } from "../batch.ts";
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
import { MemoryDatabase } from "./memory-database.ts";

export interface MemoryStoreOptions {
  /** Shared by the stores of several coordinators. Default: one of its own. */
  readonly database?: MemoryDatabase;
  /** Milliseconds of any clock that never goes back; leases and announcements expire by it. */
  readonly now: () => number;
  /** Lets `readLog` wait; should settle early when the signal aborts. Default: a real timer. */
  readonly sleep?: (durationMs: number, stop: AbortSignal) => Promise<void>;
}

export class MemoryStore implements Store {
  readonly #database: MemoryDatabase;
  readonly #now: () => number;
  readonly #sleep: (durationMs: number, stop: AbortSignal) => Promise<void>;
  readonly #closed = new AbortController();

  constructor(options: MemoryStoreOptions) {
    this.#database = options.database ?? new MemoryDatabase();
    this.#now = options.now;
    this.#sleep = options.sleep ?? sleepUntilStopped;
  }

  async acquire(request: AcquireRequest): Promise<AcquireResult> {
    requireWhole("epoch", request.epoch);
    return this.#open().acquire(request, this.#now());
  }

  async renew(epoch: number, ttlMs: number): Promise<boolean> {
    return this.#open().renew(epoch, ttlMs, this.#now());
  }

  async release(epoch: number): Promise<boolean> {
    return this.#open().release(epoch, this.#now());
  }

  async readLease(): Promise<Lease | null> {
    return this.#open().lease(this.#now());
  }

  async commit(batch: Batch): Promise<CommitResult> {
    requireBatch(batch);
    return this.#open().commit(batch);
  }

  async head(): Promise<Head | null> {
    return this.#open().head();
  }

  async load(receive: (lines: readonly string[]) => void): Promise<Head | null> {
    const head = this.#open().head();
    if (head !== null) receive(this.#database.lines());
    return head;
  }

  async readLog(sequence: number, waitMs: number): Promise<LogTail> {
    requireWhole("sequence", sequence);
    const tail = this.#open().tail(sequence);
    if (tail.kind === "trimmed" || tail.entries.length > 0 || waitMs <= 0) return tail;
    const waiting = new AbortController();
    const stop = AbortSignal.any([waiting.signal, this.#closed.signal]);
    await Promise.race([this.#database.nextCommit(stop), this.#sleep(waitMs, stop)]);
    waiting.abort();
    return this.#open().tail(sequence);
  }

  async trimLog(epoch: number, keep: number): Promise<void> {
    requireWhole("keep", keep);
    this.#open().trim(epoch, keep);
  }

  async readBody(taskId: string): Promise<string | null> {
    return this.#open().text("body", taskId);
  }

  async readBodies(taskIds: readonly string[]): Promise<readonly (string | null)[]> {
    const database = this.#open();
    return taskIds.map((taskId) => database.text("body", taskId));
  }

  async readTail(taskId: string, attempt: number): Promise<string | null> {
    return this.#open().text("tail", tailId(taskId, attempt));
  }

  async announce(entry: CoordinatorEntry, ttlMs: number): Promise<void> {
    this.#open().announce(entry, ttlMs, this.#now());
  }

  async coordinators(): Promise<readonly CoordinatorEntry[]> {
    return this.#open().coordinators(this.#now());
  }

  async memory(): Promise<StoreMemory> {
    this.#open();
    return { usedBytes: 0, limitBytes: 0 };
  }

  async replication(): Promise<StoreReplication> {
    this.#open();
    return { replicas: 0, bySentinel: false, minReplicasToWrite: 0, minReplicasMaxLagMs: 0 };
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }

  #open(): MemoryDatabase {
    if (this.#closed.signal.aborted) throw new StoreUnavailable("the store was closed");
    return this.#database;
  }
}

async function sleepUntilStopped(durationMs: number, stop: AbortSignal): Promise<void> {
  try {
    await sleepForReal(durationMs, undefined, { signal: stop });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
