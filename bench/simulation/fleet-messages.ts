/** What a process of simulated agents and the benchmark that started it say to each other. */
import type { TlsFiles } from "@holdfast/shared/tls.ts";

export interface FleetSettings {
  readonly agents: number;
  readonly addresses: readonly string[];
  /** PEM files; null: without TLS. */
  readonly tls: TlsFiles | null;
  readonly connectsPerS: number;
  readonly beatIntervalMs: number;
  readonly metricsIntervalMs: number;
  /** Tasks that an agent has room for at a time. */
  readonly slots: number;
  /** How long a task runs; 0: it has ended when its start is answered. */
  readonly taskMs: number;
}

export interface FleetCounters {
  /** To all coordinators together. */
  readonly beats: number;
  readonly starts: number;
  readonly acknowledged: number;
  /** That stand now. */
  readonly sessions: number;
  /** Sessions that broke after their Welcome. */
  readonly disconnects: number;
}

export type ToFleet =
  | { readonly kind: "counters" }
  /** Say when so many ends were acknowledged, counted from the process's start. */
  | { readonly kind: "awaitAcknowledged"; readonly count: number };

export type FromFleet =
  /** Every agent has a session with every coordinator. */
  | { readonly kind: "ready" }
  | { readonly kind: "counters"; readonly counters: FleetCounters }
  | { readonly kind: "acknowledged"; readonly atMs: number }
  /** The first start in a higher epoch than any before, at any agent. */
  | { readonly kind: "newEpoch"; readonly epoch: number; readonly atMs: number };
