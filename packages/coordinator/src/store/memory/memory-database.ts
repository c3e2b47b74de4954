/**
 * What a storage server holds, and its atomic acts, in memory. Several stores can share one, as several coordinators
 * share a Redis.
 */
import type { RecordKind } from "../../core/record.ts";
import { isLiveTask, putLine, recordKinds, splitLine } from "../line.ts";
import {
  type AcquireRequest,
  type AcquireResult,
  type Batch,
  type CommitResult,
  type CoordinatorEntry,
  type Head,
  isAt,
  type Lease,
  type LogEntry,
  type LogTail,
  type Position,
} from "../store.ts";

interface LogState {
  readonly lineage: string;
  /** Highest acquired. */
  epoch: number;
  position: Position;
  lastBatchId: string;
}

type Expiring<Value> = Value & { readonly expiresAtMs: number };

export class MemoryDatabase {
  /** Of the process that holds this; whoever lets it lose something, or swaps it for a copy, sets another. */
  serverId = "memory";
  #lease: Expiring<Lease> | null = null;
  #state: LogState | null = null;
  #log: LogEntry[] = [];
  readonly #records = new Map(recordKinds.map((kind) => [kind, new Map<string, string>()]));
  readonly #coordinators = new Map<string, Expiring<CoordinatorEntry>>();
  readonly #commitWaiters = new Set<() => void>();

  /** What it holds now, as a replica or a file on disk would keep it. Nobody waits on the copy. */
  copy(): MemoryDatabase {
    const copy = new MemoryDatabase();
    copy.#lease = this.#lease;
    copy.#state = this.#state === null ? null : { ...this.#state };
    copy.#log = [...this.#log];
    for (const [kind, records] of this.#records) for (const [id, text] of records) copy.#kind(kind).set(id, text);
    for (const [id, entry] of this.#coordinators) copy.#coordinators.set(id, entry);
    return copy;
  }

  acquire(request: AcquireRequest, nowMs: number): AcquireResult {
    const { epoch, coordinatorId, address } = request;
    const lease = this.lease(nowMs);
    const state = this.#state;
    const isRepeat = lease?.epoch === epoch && lease.holderId === coordinatorId && state?.epoch === epoch;
    if (!isRepeat) {
      if (lease !== null && lease.epoch !== request.takeOverEpoch) return { kind: "held", lease };
      if (state === null && request.lineageToBegin === null) return { kind: "empty" };
      if (state !== null && epoch <= state.epoch) return { kind: "epochTooLow", highestEpoch: state.epoch };
    }
    const led = state ?? newLog(request.lineageToBegin ?? "", epoch);
    led.epoch = epoch;
    this.#state = led;
    this.#lease = { epoch, holderId: coordinatorId, holderAddress: address, expiresAtMs: nowMs + request.ttlMs };
    return { kind: "acquired", position: led.position, lineage: led.lineage, serverId: this.serverId };
  }

  renew(epoch: number, ttlMs: number, nowMs: number): boolean {
    const lease = this.lease(nowMs);
    if (lease?.epoch !== epoch) return false;
    this.#lease = { ...lease, expiresAtMs: nowMs + ttlMs };
    return true;
  }

  release(epoch: number, nowMs: number): boolean {
    if (this.lease(nowMs)?.epoch !== epoch) return false;
    this.#lease = null;
    return true;
  }

  lease(nowMs: number): Lease | null {
    if (this.#lease === null || this.#lease.expiresAtMs <= nowMs) return null;
    const { epoch, holderId, holderAddress } = this.#lease;
    return { epoch, holderId, holderAddress };
  }

  commit(batch: Batch): CommitResult {
    const state = this.#state;
    if (state === null) return { kind: "refused", epoch: 0, position: { epoch: 0, sequence: 0 } };
    if (batch.id === state.lastBatchId && isAt(state.position, batch)) return { kind: "committed" };
    if (batch.epoch !== state.epoch || !isAt(state.position, batch.previous)) {
      return { kind: "refused", epoch: state.epoch, position: state.position };
    }
    const lines = batch.lines.map(splitLine);
    for (const { kind, id, text } of lines) {
      if (text === null) this.#kind(kind).delete(id);
      else this.#kind(kind).set(id, text);
    }
    const { epoch, sequence, previous } = batch;
    this.#log.push({ epoch, sequence, previous, lines: [...batch.lines] });
    state.position = { epoch, sequence };
    state.lastBatchId = batch.id;
    for (const wake of this.#commitWaiters) wake();
    return { kind: "committed" };
  }

  head(): Head | null {
    return this.#state === null ? null : { lineage: this.#state.lineage, position: this.#state.position };
  }

  tail(sequence: number): LogTail {
    const end = this.#state?.position.sequence ?? 0;
    if (sequence === end) return { kind: "entries", entries: [] };
    const entries = this.#log.slice(Math.max(0, this.#log.length - (end - sequence)));
    return sequence < end && entries[0]?.sequence === sequence + 1 ? { kind: "entries", entries } : { kind: "trimmed" };
  }

  /** Settles with the next commit. `stop` ends the waiting. */
  nextCommit(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#commitWaiters.delete(wake);
        stop.removeEventListener("abort", wake);
        resolve();
      };
      this.#commitWaiters.add(wake);
      stop.addEventListener("abort", wake);
    });
  }

  trim(epoch: number, keep: number): void {
    if (this.#state?.epoch === epoch) this.#log = this.#log.slice(Math.max(0, this.#log.length - keep));
  }

  /** The lines of all records that coordinators keep in memory. */
  lines(): string[] {
    const lines: string[] = [];
    for (const kind of recordKinds) {
      if (kind === "body" || kind === "tail") continue;
      for (const [id, text] of this.#kind(kind)) {
        lines.push(putLine(kind, id, text));
        const body = kind === "task" && isLiveTask(text) ? this.text("body", id) : null;
        if (body !== null) lines.push(putLine("body", id, body));
      }
    }
    return lines;
  }

  text(kind: RecordKind, id: string): string | null {
    return this.#kind(kind).get(id) ?? null;
  }

  announce(entry: CoordinatorEntry, ttlMs: number, nowMs: number): void {
    this.#coordinators.set(entry.id, { ...entry, expiresAtMs: nowMs + ttlMs });
  }

  coordinators(nowMs: number): CoordinatorEntry[] {
    return [...this.#coordinators.values()]
      .filter((entry) => entry.expiresAtMs > nowMs)
      .map(({ expiresAtMs: _, ...entry }) => entry);
  }

  #kind(kind: RecordKind): Map<string, string> {
    const records = this.#records.get(kind);
    if (records === undefined) throw new Error(`no such kind of record: ${kind}`);
    return records;
  }
}

function newLog(lineage: string, epoch: number): LogState {
  return { lineage, epoch, position: { epoch: 0, sequence: 0 }, lastBatchId: "" };
}
