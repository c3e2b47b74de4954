/**
 * The port to what was measured long ago: minutes of the last day, hours of the last 30 days, kept beside the log so that they
 * outlive coordinators. It is no part of the state: losing some of it changes no decision about tasks.
 */
import type { NodeMetric } from "../core/series/sample.ts";

/** A minute has its average; an hour has its average and its highest minute. */
export type Resolution = "minute" | "hour";

export const resolutions: { readonly [Kind in Resolution]: { readonly stepMs: number; readonly keptMs: number } } = {
  minute: { stepMs: 60_000, keptMs: 24 * 3_600_000 },
  hour: { stepMs: 3_600_000, keptMs: 30 * 24 * 3_600_000 },
};

export interface ArchivedValue {
  readonly metric: NodeMetric;
  readonly part: string;
  readonly average: number;
  /** Of minutes, the average. */
  readonly highest: number;
}

export interface ArchivedSeries {
  readonly metric: NodeMetric;
  readonly part: string;
  /** One for each step of the period; NaN where nothing is kept. */
  readonly averages: readonly number[];
  readonly highest: readonly number[];
}

export interface SeriesArchive {
  /**
   * Keeps what was measured of a node in the step that this Unix time lies in; the same step again replaces it. Averages are
   * kept to 0.4 %, the highest to 1.3 %. @throws StoreUnavailable, also when storage is full
   */
  write(nodeId: string, resolution: Resolution, atMs: number, values: readonly ArchivedValue[]): Promise<void>;
  /** Each series that has something in the steps from `fromMs` to `toMs`, both included. @throws StoreUnavailable */
  read(nodeId: string, resolution: Resolution, fromMs: number, toMs: number): Promise<readonly ArchivedSeries[]>;
  /** Ends its connection; what is under way rejects with `StoreUnavailable`. */
  close(): void;
}
