/**
 * Series of nodes: what was measured of one over time. The last minutes come from this coordinator's own memory, what lies
 * before from the archive.
 */
import type { NodeSeriesResponse } from "@holdfast/shared/contract/generated/holdfast/v1/NodeSeriesResponse.ts";
import type { NodeServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/NodeService.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import { minuteMs, minutesKept, recentStepMs } from "../core/series/node-series.ts";
import { type NodeMetric, nodeMetrics } from "../core/series/sample.ts";
import { type Period, type Window, windowOf } from "../core/series/window.ts";
import { type ArchivedSeries, resolutions } from "../store/archive.ts";
import type { Backend } from "./backend.ts";
import type { UnaryMethods } from "./methods.ts";
import { checkId } from "./validate/identity.ts";
import { quoted } from "./validate/violations.ts";

const defaultPeriodMs = 15 * 60_000;

export function nodeSeries(backend: Backend): UnaryMethods<NodeServiceHandlers>["Series"] {
  return async ({ nodeId: id, metrics = [], fromMs = 0, toMs = 0 }) => {
    const nodeId = checkId("node_id", id);
    const wanted = metrics.map(checkMetric);
    if (toMs > 0 && fromMs > toMs) throw invalidField("from_ms", `is ${fromMs}, after to_ms, which is ${toMs}`);
    const { nowMs, period, heard } = await backend.read((view) => {
      if (!view.nodes.has(nodeId)) throw new HoldfastError("notFound", `there is no node "${nodeId}"`);
      const endMs = toMs > 0 ? Math.min(toMs, view.nowMs) : view.nowMs;
      const asked = { fromMs: fromMs > 0 ? fromMs : endMs - defaultPeriodMs, toMs: endMs };
      const window = windowOf(view.seriesOf(nodeId), wanted, asked, view.nowMs);
      return { nowMs: view.nowMs, period: asked, heard: window };
    });
    if (heard.stepMs === recentStepMs) return { ...heard, series: [...heard.series] };
    const isWanted = ({ metric }: ArchivedSeries) => wanted.length === 0 || wanted.includes(metric);
    // A client asks for the last day a moment before it is heard.
    if (period.fromMs < nowMs - resolutions.minute.keptMs - minuteMs)
      return hours(backend, nodeId, isWanted, period, nowMs);
    const archived = (await archivedMinutes(backend, nodeId, heard, nowMs)).filter(isWanted);
    return { stepMs: heard.stepMs, firstMs: heard.firstMs, series: withGapsFilled(heard, archived) };
  };
}

type Wanted = (series: ArchivedSeries) => boolean;

async function hours(
  backend: Backend,
  nodeId: string,
  isWanted: Wanted,
  { fromMs, toMs }: Period,
  nowMs: number,
): Promise<NodeSeriesResponse> {
  const { stepMs, keptMs } = resolutions.hour;
  const firstMs = Math.floor(Math.max(fromMs, nowMs - keptMs) / stepMs) * stepMs;
  const archived = await backend.archived(nodeId, "hour", { fromMs: firstMs, toMs });
  const series = archived.filter(isWanted).map(({ metric, part, averages, highest }) => {
    return { metric, part, values: [...averages], highest: [...highest] };
  });
  return { stepMs, firstMs, series };
}

/** What this coordinator remembers itself is told also when the storage is away. */
async function archivedMinutes(
  backend: Backend,
  nodeId: string,
  { firstMs, stepMs, steps }: Window,
  nowMs: number,
): Promise<readonly ArchivedSeries[]> {
  try {
    return await backend.archived(nodeId, "minute", { fromMs: firstMs, toMs: firstMs + (steps - 1) * stepMs });
  } catch (error) {
    const isRemembered = firstMs > nowMs - (minutesKept + 1) * minuteMs;
    if (isRemembered && error instanceof HoldfastError && error.code === "unavailable") return [];
    throw error;
  }
}

function withGapsFilled({ series, steps }: Window, archived: readonly ArchivedSeries[]) {
  const keyOf = ({ metric, part }: { metric: string; part: string }) => `${metric} ${part}`;
  const known = new Map(series.map((one) => [keyOf(one), one.values]));
  const filled = archived.map(({ metric, part, averages }) => {
    const values = known.get(keyOf({ metric, part })) ?? Array<number>(steps).fill(Number.NaN);
    known.delete(keyOf({ metric, part }));
    return {
      metric,
      part,
      values: values.map((value, step) => (Number.isNaN(value) ? (averages[step] ?? value) : value)),
    };
  });
  return [...filled, ...series.filter((one) => known.has(keyOf(one))).map((one) => ({ ...one }))];
}

function checkMetric(name: string): NodeMetric {
  const metric = nodeMetrics.find((one) => one === name);
  if (metric !== undefined) return metric;
  throw invalidField("metrics", `${quoted(name)} is not measured; there are ${nodeMetrics.join(", ")}`);
}
