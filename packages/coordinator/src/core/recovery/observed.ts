/** What a leader remembers of a recovery, and does not store. */
import type { OrphanPiece } from "../event.ts";
import type { NodeRecord, TaskRecord } from "../record.ts";

/** That it makes sure first, and how far it is. */
export interface Care {
  readonly serverId: string;
  /** On the steady clock, when its phase began. */
  readonly sinceMs: number;
  readonly phase: "merging" | "asking";
  /** Of the leader itself, that are not merged yet. */
  readonly ownOrphans: number;
}

/** A value that came from an orphan, and how far that one reaches. */
export interface Merged {
  readonly value: TaskRecord | NodeRecord;
  readonly end: OrphanPiece["end"];
}

/** What was done with an orphan so far. */
export interface MergeTally {
  added: number;
  ended: number;
  replaced: number;
  /** Whose request had been accepted again. */
  superseded: number;
}
