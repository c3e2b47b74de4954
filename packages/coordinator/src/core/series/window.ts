/** A stretch of a node's series as this coordinator heard it: steps of 5 s where all of it is recent, else minutes. */
import { minuteMs, type NodeSeries, recentStepMs, recentSteps } from "./node-series.ts";
import type { NodeMetric } from "./sample.ts";

/** Unix times. */
export interface Period {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Window {
  readonly stepMs: number;
  /** Unix time at which the first step begins. */
  readonly firstMs: number;
  /** One for each step, the last one being that of the period's end. */
  readonly steps: number;
  readonly series: readonly { readonly metric: NodeMetric; readonly part: string; readonly values: number[] }[];
}

/** Minutes of the last day, of which this coordinator remembers the last six hours. */
const longestMs = 24 * 60 * minuteMs;

/** @param metrics those that are wanted; empty: all. Before the last day, and behind `nowMs`, there are no steps. */
export function windowOf(
  node: NodeSeries | undefined,
  metrics: readonly NodeMetric[],
  { fromMs, toMs }: Period,
  nowMs: number,
): Window {
  // A client asks for the last 15 minutes a moment before it is heard.
  const isRecent = fromMs > nowMs - (recentSteps + 1) * recentStepMs;
  const stepMs = isRecent ? recentStepMs : minuteMs;
  const keptFromMs = nowMs - (isRecent ? (recentSteps - 1) * recentStepMs : longestMs - minuteMs);
  const firstMs = Math.floor(Math.max(fromMs, keptFromMs) / stepMs) * stepMs;
  const lastMs = Math.floor(Math.min(toMs, nowMs) / stepMs) * stepMs;
  const steps = Math.max(0, (lastMs - firstMs) / stepMs + 1);
  const wanted = [...(node?.all() ?? [])].filter(({ metric }) => metrics.length === 0 || metrics.includes(metric));
  return {
    stepMs,
    firstMs,
    steps,
    series: wanted.map((series) => {
      const at = (atMs: number) => (isRecent ? series.recentAt(atMs) : series.minuteAt(atMs));
      const values = Array.from({ length: steps }, (_, step) => at(firstMs + step * stepMs));
      return { metric: series.metric, part: series.part, values };
    }),
  };
}
