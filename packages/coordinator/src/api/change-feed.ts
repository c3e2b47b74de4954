/**
 * The last committed batches, in memory, for those who watch. A watcher pulls at its own pace and remembers only where it
 * stands, so that a slow one costs nothing; when what it needs next has been dropped, it is told OUT_OF_RANGE.
 *
 * Watchers of one task are woken only by its changes: there may be thousands of them.
 */
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { type DurableRecord, decodeRecord } from "../core/record.ts";
import { formatRevision, isLaterHistory, otherHistory, type Revision } from "./revision.ts";

/**
 * Kept as the text that was committed: most changes are never looked at again, and as objects a hundred thousand of them
 * would be what the garbage collector is busy with.
 */
export class Change {
  readonly sequence: number;
  readonly #lines: readonly string[];
  #records: readonly DurableRecord[] | null;

  constructor(sequence: number, records: readonly DurableRecord[], lines: readonly string[]) {
    this.sequence = sequence;
    this.#records = records;
    this.#lines = lines;
  }

  get size(): number {
    return this.#lines.length;
  }

  /** Without bodies and tails, which nobody watches. */
  get records(): readonly DurableRecord[] {
    return this.#records ?? this.#lines.map(decodeRecord);
  }

  concerns(id: string): boolean {
    if (this.#records !== null) return this.#records.some((record) => record.id === id);
    return this.#lines.some((line) => line.includes(`\t${id}\t`));
  }

  dropObjects(): void {
    this.#records = null;
  }
}

/** So many of the newest changes stay objects, for those who watch as they come. */
const objectsKept = 4;

export interface ChangeFeedLimits {
  /** The oldest batches are dropped beyond so many records. */
  readonly maxRecords: number;
}

interface Waiter {
  readonly taskId: string | null;
  readonly wake: () => void;
}

export class ChangeFeed {
  readonly #limits: ChangeFeedLimits;
  #lineage = "";
  /** There is no log, or its store has become empty: another one may be on its way. */
  #mayBeReplaced = true;
  /** Consecutive: the one at `sequence` stands at `sequence - first`. */
  #changes: Change[] = [];
  #records = 0;
  #head = -1;
  /** Waiters for any change, and for changes of one task. */
  readonly #general = new Set<Waiter>();
  readonly #byTask = new Map<string, Set<Waiter>>();

  constructor(limits: ChangeFeedLimits = { maxRecords: 50_000 }) {
    this.#limits = limits;
  }

  /** The last published position; null before the first `reset`. */
  get head(): Revision | null {
    return this.#head < 0 ? null : { lineage: this.#lineage, sequence: this.#head };
  }

  /** After the state was loaded as a whole: what came before is not at hand. Watchers of older positions are told. */
  reset(position: Revision): void {
    this.#lineage = position.lineage;
    this.#mayBeReplaced = position.lineage === "";
    this.#head = position.sequence;
    this.#changes = [];
    this.#records = 0;
    for (const waiter of this.#allWaiters()) waiter.wake();
  }

  /** The store has become empty. What was published is still at hand. */
  emptied(): void {
    this.#mayBeReplaced = true;
  }

  /** A batch that is committed and applied. Its sequence must be the head's successor. */
  publish(sequence: number, records: readonly DurableRecord[], lines: readonly string[]): void {
    if (sequence !== this.#head + 1) throw new Error(`change ${sequence} does not follow ${this.#head}`);
    const watched: DurableRecord[] = [];
    const watchedLines: string[] = [];
    for (const [index, record] of records.entries()) {
      if (record.kind === "body" || record.kind === "tail") continue;
      watched.push(record);
      watchedLines.push(lines[index] as string);
    }
    this.#head = sequence;
    this.#changes.push(new Change(sequence, watched, watchedLines));
    this.#changes.at(-1 - objectsKept)?.dropObjects();
    this.#records += watched.length;
    this.#dropOldest();
    this.#wakeFor(watched);
  }

  /**
   * Resolves when `wanted` has been applied; at once when it has been already.
   * @throws HoldfastError failedPrecondition when it belongs to another history; the signal's reason when that aborts.
   */
  async reached(wanted: Revision, field: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const isOther = this.#lineage !== wanted.lineage;
      const mayCome = this.#mayBeReplaced || isLaterHistory(this.#lineage, wanted.lineage);
      if (isOther && !mayCome) throw otherHistory(field, wanted, this.#lineage);
      if (!isOther && this.#head >= wanted.sequence) return;
      await this.#change(null, signal);
    }
  }

  /**
   * The changes after `from`, oldest first, and then those to come. With a task id, only the changes that concern it, and
   * of several that gathered only the last. Waits when this coordinator has not come as far as `from`. Ends when the
   * signal is aborted.
   * @throws HoldfastError outOfRange when the next one has been dropped, or `from` is of another history.
   */
  async *after(from: Revision, taskId: string | null, signal: AbortSignal): AsyncGenerator<Change, void, undefined> {
    let next = from.sequence + 1;
    while (!signal.aborted) {
      if (this.#lineage !== from.lineage) throw this.#outOfRange(from);
      if (next > this.#head) {
        await this.#change(next > this.#head + 1 ? null : taskId, signal);
        if (taskId !== null && next <= this.#head) next = this.#lastAbout(taskId, next);
        continue;
      }
      const change = this.#changes[next - this.#firstSequence];
      if (change === undefined) throw this.#outOfRange({ ...from, sequence: next - 1 });
      next += 1;
      if (taskId === null || change.concerns(taskId)) yield change;
    }
  }

  get #firstSequence(): number {
    return this.#changes[0]?.sequence ?? this.#head + 1;
  }

  /** Where a watcher of one task goes on that slept from `next` through the changes of others. */
  #lastAbout(taskId: string, next: number): number {
    for (let sequence = this.#head; sequence >= Math.max(next, this.#firstSequence); sequence -= 1) {
      const change = this.#changes[sequence - this.#firstSequence];
      if (change?.concerns(taskId) === true) return sequence;
    }
    return this.#head + 1;
  }

  #dropOldest(): void {
    if (this.#records <= this.#limits.maxRecords) return;
    let dropped = 0;
    // A tenth at a time, since moving an array costs as much as it is long.
    const target = this.#limits.maxRecords * 0.9;
    while (this.#records > target && dropped < this.#changes.length - 1) {
      this.#records -= this.#changes[dropped]?.size ?? 0;
      dropped += 1;
    }
    this.#changes.splice(0, dropped);
  }

  #outOfRange(wanted: Revision): HoldfastError {
    const first = formatRevision({ lineage: this.#lineage, sequence: this.#firstSequence - 1 });
    const message = `what followed revision ${formatRevision(wanted)} is no longer at hand (the oldest here is ${first}); list again and watch from there`;
    return new HoldfastError("outOfRange", message, { fields: [{ field: "from_revision", description: message }] });
  }

  #change(taskId: string | null, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        signal.removeEventListener("abort", finish);
        this.#remove(waiter);
        resolve();
      };
      const waiter: Waiter = { taskId, wake: finish };
      this.#add(waiter);
      signal.addEventListener("abort", finish, { once: true });
    });
  }

  #add(waiter: Waiter): void {
    if (waiter.taskId === null) {
      this.#general.add(waiter);
      return;
    }
    const waiters = this.#byTask.get(waiter.taskId);
    if (waiters === undefined) this.#byTask.set(waiter.taskId, new Set([waiter]));
    else waiters.add(waiter);
  }

  #remove(waiter: Waiter): void {
    if (waiter.taskId === null) {
      this.#general.delete(waiter);
      return;
    }
    const waiters = this.#byTask.get(waiter.taskId);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#byTask.delete(waiter.taskId);
  }

  #wakeFor(records: readonly DurableRecord[]): void {
    for (const waiter of [...this.#general]) waiter.wake();
    if (this.#byTask.size === 0) return;
    for (const { id } of records) {
      const waiters = this.#byTask.get(id);
      if (waiters !== undefined) for (const waiter of [...waiters]) waiter.wake();
    }
  }

  #allWaiters(): Waiter[] {
    return [...this.#general, ...[...this.#byTask.values()].flatMap((waiters) => [...waiters])];
  }
}
