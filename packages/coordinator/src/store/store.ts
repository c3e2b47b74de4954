/**
 * The port to durable storage: one lease, one log, and the records that the log adds up to.
 *
 * Every implementation passes the same contract suite (`store.contract.ts`). All acts are atomic, and safe to repeat:
 * the Redis client may send one a second time after a reconnect.
 *
 * A method rejects with `StoreUnavailable` when it has no answer. For the acts that write this means *unknown*: the act
 * may or may not have happened, and the caller has to send the identical act again or to behave as if both were true.
 */

/** A place in the log. `sequence` grows by one with each commit and never restarts within a lineage. */
export interface Position {
  readonly epoch: number;
  readonly sequence: number;
}

export function isAt(one: Position, other: Position): boolean {
  return one.epoch === other.epoch && one.sequence === other.sequence;
}

export interface Lease {
  readonly epoch: number;
  readonly holderId: string;
  /** Where the holder's API listens, `host:port`. */
  readonly holderAddress: string;
}

export interface AcquireRequest {
  readonly coordinatorId: string;
  readonly address: string;
  /** Must be above the highest that was ever acquired. The same epoch and coordinator, repeated, renews. */
  readonly epoch: number;
  readonly ttlMs: number;
  /** Take the lease although it has not expired, if it is this epoch's: its holder's process is known to be dead. */
  readonly takeOverEpoch: number | null;
  /** Name of the log to begin when there is none; null: do not begin one. */
  readonly lineageToBegin: string | null;
}

export type AcquireResult =
  /**
   * Nobody with an older epoch can commit any more. The log ends at `position` (of sequence 0: it is empty). `serverId` is
   * of the storage server's process: as long as it is the same, that process has held the log all the time, and copied no
   * other's. "": it does not show any.
   */
  | { readonly kind: "acquired"; readonly position: Position; readonly lineage: string; readonly serverId: string }
  | { readonly kind: "held"; readonly lease: Lease }
  | { readonly kind: "epochTooLow"; readonly highestEpoch: number }
  /** There is no log, and none was to be begun. */
  | { readonly kind: "empty" };

/** What one commit writes. `lines` are encoded records (`core/record.ts`), applied in order. */
export interface Batch {
  readonly epoch: number;
  /** One above that of `previous`. */
  readonly sequence: number;
  readonly previous: Position;
  /** Of this batch alone: while it is the last one, it is answered with "committed" again and writes nothing. */
  readonly id: string;
  readonly lines: readonly string[];
}

export type CommitResult =
  | { readonly kind: "committed" }
  /**
   * Another epoch leads, or the log does not end at `previous`. Nothing was written. `epoch` is the highest acquired,
   * `position` the log's end; all 0 when there is no log.
   */
  | { readonly kind: "refused"; readonly epoch: number; readonly position: Position };

/** A batch as it stands in the log. */
export interface LogEntry {
  readonly epoch: number;
  readonly sequence: number;
  readonly previous: Position;
  readonly lines: readonly string[];
}

export type LogTail =
  | { readonly kind: "entries"; readonly entries: readonly LogEntry[] }
  /** The log does not hold what follows that sequence: it was trimmed, or lost its last entries. Load again. */
  | { readonly kind: "trimmed" };

export interface Head {
  readonly lineage: string;
  readonly position: Position;
}

export interface CoordinatorEntry {
  readonly id: string;
  readonly address: string;
  readonly version: string;
  readonly startedAtMs: number;
}

export interface StoreMemory {
  readonly usedBytes: number;
  /** 0: unlimited. */
  readonly limitBytes: number;
}

/** How the storage is copied: what bounds for how long a primary that was replaced may go on to accept writes. */
export interface StoreReplication {
  /** Replicas that follow at present. */
  readonly replicas: number;
  /** Sentinels may put another in the primary's place. */
  readonly bySentinel: boolean;
  /**
   * It refuses writes when fewer replicas than `minReplicasToWrite` were heard within `minReplicasMaxLagMs`; null: it does
   * not tell.
   */
  readonly minReplicasToWrite: number | null;
  readonly minReplicasMaxLagMs: number | null;
}

/** No answer, or none that says what happened. `cause` is what the client library said. */
export class StoreUnavailable extends Error {
  override readonly name: string = "StoreUnavailable";
}

/** The storage has no memory left and refused this write. Says nothing about an earlier, unanswered try. */
export class StoreFull extends StoreUnavailable {
  override readonly name: string = "StoreFull";
}

export interface Store {
  acquire(request: AcquireRequest): Promise<AcquireResult>;
  /** False when the lease is not (or no longer) this epoch's. */
  renew(epoch: number, ttlMs: number): Promise<boolean>;
  /** False when the lease was not (or no longer) this epoch's; so a repeat answers false. */
  release(epoch: number): Promise<boolean>;
  readLease(): Promise<Lease | null>;

  /**
   * Appends a batch and brings the records up to date with it, both or neither. The caller bounds the batch: the storage
   * serves nobody else meanwhile (`store/README.md` has the figures).
   * @throws StoreFull when memory is full. Other errors (a line that is no record, a key of another type) mean a defect
   *   or damaged storage; nothing was written.
   */
  commit(batch: Batch): Promise<CommitResult>;
  /** Where the log stands; null when there is none. */
  head(): Promise<Head | null>;
  /**
   * Hands over all records of the kinds that coordinators keep in memory (not bodies of ended tasks, not output tails),
   * as lines, in pieces. The lines are at least as new as the returned head; entries after that head may already be
   * contained, which is harmless because records carry state.
   */
  load(receive: (lines: readonly string[]) => void): Promise<Head | null>;
  /**
   * Entries after `sequence`, oldest first, some at a time; waits up to `waitMs` for the first (an implementation may
   * wait less), then answers with none. One call at a time.
   */
  readLog(sequence: number, waitMs: number): Promise<LogTail>;
  /** Drops the oldest log entries beyond `keep`; none when another epoch leads. */
  trimLog(epoch: number, keep: number): Promise<void>;

  /** JSON texts as they were committed; null where there is none. */
  readBody(taskId: string): Promise<string | null>;
  readBodies(taskIds: readonly string[]): Promise<readonly (string | null)[]>;
  readTail(taskId: string, attempt: number): Promise<string | null>;

  /** Enters this coordinator into the list of those that live, for `ttlMs`. */
  announce(entry: CoordinatorEntry, ttlMs: number): Promise<void>;
  coordinators(): Promise<readonly CoordinatorEntry[]>;
  memory(): Promise<StoreMemory>;
  replication(): Promise<StoreReplication>;
  /** Ends the connections; acts that wait and later ones reject with `StoreUnavailable`. */
  close(): Promise<void>;
}
