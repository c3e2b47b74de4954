/**
 * Where two histories of one log part.
 *
 * Each leadership writes one unbroken stretch of the log, and no two have the same epoch. So an epoch and a sequence name one
 * batch, and the table of where leaderships begin tells of each batch whether the log has it; the batches themselves are not
 * looked at. (The same table is Kafka's leader epoch cache, KIP-101.)
 */
import type { LeadershipStart } from "../record.ts";

interface Position {
  readonly epoch: number;
  readonly sequence: number;
}

/** What is known of a log as a whole. */
export interface History {
  readonly end: Position;
  /** Oldest first; the oldest may be missing. */
  readonly leaderships: readonly LeadershipStart[];
}

/** Batches of one leadership without a gap. */
export interface Stretch {
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

export const logStart: Position = Object.freeze({ epoch: 0, sequence: 0 });

/**
 * @param stretches of the other history, oldest first
 * @returns the last batch that both have; `logStart` when there is none, null when the log has all of them
 */
export function forkOf(history: History, stretches: readonly Stretch[]): Position | null {
  let common = logStart;
  for (const { epoch, first, last } of stretches) {
    const sharedLast = Math.min(last, lastOf(history, epoch));
    if (first < firstOf(history, epoch) || sharedLast < first) return common;
    common = { epoch, sequence: sharedLast };
    if (sharedLast < last) return common;
  }
  return null;
}

/** Is it certain that the log has this batch? */
export function has(history: History, { epoch, sequence }: Position): boolean {
  if (!history.leaderships.some((one) => one.epoch === epoch)) return false;
  return sequence >= firstOf(history, epoch) && sequence <= lastOf(history, epoch);
}

/** Sequence of the first batch that the log may have of this epoch. */
function firstOf({ leaderships }: History, epoch: number): number {
  return leaderships.find((one) => one.epoch === epoch)?.sequence ?? 1;
}

/** Sequence of the last batch that the log may have of this epoch. */
function lastOf({ leaderships, end }: History, epoch: number): number {
  const index = leaderships.findIndex((one) => one.epoch >= epoch);
  const found = leaderships[index];
  // Newer than every leadership of the log: another's, unless the table is of a version that did not keep one.
  if (found === undefined) return leaderships.length === 0 && epoch <= end.epoch ? end.sequence : 0;
  // Older than the table, or of a leadership that the log has never seen.
  if (found.epoch !== epoch) return index === 0 ? found.sequence - 1 : 0;
  const next = leaderships[index + 1];
  return Math.min(next === undefined ? end.sequence : next.sequence - 1, end.sequence);
}
