/** The keys of one cell. The braces put all of them into one hash slot of a Redis Cluster. */
import type { RecordKind } from "../../core/record.ts";

export interface Keys {
  readonly lease: string;
  readonly head: string;
  readonly log: string;
  readonly coordinators: string;
  /** The hash of a kind of record: id -> text. */
  readonly records: (kind: RecordKind) => string;
}

export function keysOf(cell: string): Keys {
  const prefix = `hf:{${cell}}`;
  return {
    lease: `${prefix}:lease`,
    head: `${prefix}:head`,
    log: `${prefix}:log`,
    coordinators: `${prefix}:coordinators`,
    records: (kind) => `${prefix}:${kind}`,
  };
}
