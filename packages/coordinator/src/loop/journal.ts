/**
 * The port to a coordinator's own journal: every batch that it knows to be committed, kept beside the store so that what the
 * store loses can be given back.
 *
 * A journal holds one chain of one lineage. It may have gaps (the coordinator was off, its disk was full), and its oldest
 * entries go when there is no room. What the store turns out to have lost is cut off and kept as an *orphan* until a leader
 * has merged it (`orphans.ts`).
 */
import type { LogEntry, Position } from "../store/store.ts";

/** Entries of one leadership without a gap; all that is needed to find where two histories part. */
export interface Run {
  readonly lineage: string;
  readonly epoch: number;
  readonly first: number;
  readonly last: number;
}

export interface Orphan {
  /** The same for the same entries, so that setting aside twice makes one orphan. */
  readonly id: string;
  readonly lineage: string;
  /** The last position that the journal and the log have in common; zeros when there is none. */
  readonly fork: Position;
  /** The last position of what was cut off. */
  readonly end: Position;
  /** Encoded records, the last of each key. */
  readonly lines: readonly string[];
}

/** The journal cannot keep what it is given; `cause` says why. */
export class JournalUnavailable extends Error {
  override readonly name = "JournalUnavailable";
}

export interface Journal {
  /** What it holds, oldest first; all of one lineage. Right as soon as `append` or `cutAfter` was called. */
  readonly runs: readonly Run[];
  /**
   * Takes a batch in, without waiting for the disk. What cannot be written is left out, and told once in the log; `flush`
   * then rejects.
   */
  append(lineage: string, entry: LogEntry): void;
  /** Resolves when all that was appended will survive a power cut. @throws JournalUnavailable */
  flush(): Promise<void>;
  /** Entries after a sequence, oldest first. What is appended meanwhile may be left out. @throws JournalUnavailable */
  entriesAfter(sequence: number): AsyncIterable<LogEntry>;
  /**
   * Forgets every entry after a sequence; those on disk only when the orphans that were kept are there. Durable when it
   * resolves. @throws JournalUnavailable when that has to be tried again, which later writes do
   */
  cutAfter(sequence: number): Promise<void>;
  /** Durable when it resolves; the same id again replaces. @throws JournalUnavailable: it is in memory, and tried again */
  keepOrphan(orphan: Orphan): Promise<void>;
  /** Those that were kept and not dropped, of any lineage, longest history first. */
  orphans(): readonly Orphan[];
  /** Forgotten at once; on disk it goes when all that was appended is durable, and not when that fails. @throws JournalUnavailable */
  dropOrphan(id: string): Promise<void>;
  /** Writes what waits, and closes the files. */
  close(): Promise<void>;
}
