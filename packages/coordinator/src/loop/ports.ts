/**
 * What the loop needs from the world besides the store. Production and simulation differ here only.
 */
import type { CoordinatorEffect } from "../core/effect.ts";
import type { DurableRecord } from "../core/record.ts";

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

/** Where effects go once what they rest on is durable. */
export interface Outlet {
  release(effects: readonly CoordinatorEffect[], sequence: number): void;
}

/** Told every committed batch, after it has been applied. */
export interface ChangeSink {
  /** The state was loaded as a whole: nothing that was told before continues. */
  reset(position: { readonly lineage: string; readonly sequence: number }): void;
  /** @param lines of the same records */
  publish(sequence: number, records: readonly DurableRecord[], lines: readonly string[]): void;
}

export interface Log {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
