/**
 * What the loop needs from the world besides the store. Production and simulation differ here only.
 */
import type { CoordinatorEffect } from "../core/effect.ts";
import type { CoordinatorEvent } from "../core/event.ts";
import type { DurableRecord } from "../core/record.ts";
import type { State } from "../core/state/state.ts";
import type { Position } from "../store/store.ts";

export interface Randomness {
  /** A 32-bit seed. */
  seed(): number;
  /** Unique among all batches of the log. */
  batchId(): string;
  lineage(): string;
}

/** What a coordinator remembers of the log through its own restarts, whatever becomes of the store. */
export interface LogMemory {
  /** The highest epoch that it has met. */
  readonly highestEpoch: number;
  /** Of the log that it belongs to; "" for none yet. */
  readonly lineage: string;
  /** Durable when it returns. */
  met(epoch: number, lineage?: string): void;
}

/** What must have happened to a write before it is acknowledged: see docs/durability.md. */
export type Durability = "store" | "replicas" | "journal";

/** Where effects go once what they rest on is durable. */
export interface Outlet {
  release(effects: readonly CoordinatorEffect[], sequence: number): void;
}

/** Told every committed batch, after it has been applied. */
export interface ChangeSink {
  /** The state was loaded as a whole: nothing that was told before continues. */
  reset(position: { readonly lineage: string; readonly sequence: number }): void;
  /** The store has become empty: what was told still counts here, and another log may begin. */
  emptied(): void;
  /** @param lines of the same records */
  publish(sequence: number, records: readonly DurableRecord[], lines: readonly string[]): void;
}

/**
 * What became of a commit. `unanswered`: it is sent again. `unknown`: no answer came before the lease ran out, so it may or
 * may not stand.
 */
export type CommitOutcome = "committed" | "refused" | "unanswered" | "unknown";

/** @param tookMs since the batch was first sent */
export type CommitWatch = (outcome: CommitOutcome, tookMs: number) => void;

/** The copy of the state that a coordinator holds; to be looked at during the call only, since it changes later. */
export interface CopyView {
  readonly lineage: string;
  readonly position: Position;
  readonly state: State;
}

/** Sees what a coordinator decides, tells and holds, and changes nothing: for those who check it from outside. */
export interface Onlooker {
  /** Before the event is decided. */
  decided(event: CoordinatorEvent): void;
  /** Right before they are let out. */
  released(effects: readonly CoordinatorEffect[]): void;
  /** The copy has taken in a batch, or was loaded as a whole. */
  changed(copy: CopyView, by: "leading" | "following" | "loaded"): void;
}

export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
