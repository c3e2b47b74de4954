/** What was measured over time, one small chart a line. */
import type { NodeSeries, NodeSeriesResponse } from "@holdfast/shared/client/messages.ts";
import sparkly from "sparkly";
import type { Colours } from "./colours.ts";
import { printable } from "./printable.ts";
import { formatBytes, formatDuration, formatShare } from "./quantity.ts";
import { table } from "./table.ts";

const chartWidth = 60;

interface Look {
  readonly name: string;
  readonly format: (value: number) => string;
  /** The chart's height; not set: the highest value. */
  readonly full?: number;
}

const perSecond = (bytes: number) => `${formatBytes(Math.round(bytes))}/s`;
const plain = (value: number) => String(Number(value.toPrecision(3)));
const share = { format: formatShare, full: 1 };

/** In the order in which they are shown; what is not here is shown by other means. */
const looks: Readonly<Record<string, Look>> = {
  cpu_used: { name: "cpu", ...share },
  memory_used: { name: "memory", ...share },
  swap_used: { name: "swap", ...share },
  pressure_cpu: { name: "cpu pressure", ...share },
  pressure_memory: { name: "memory pressure", ...share },
  pressure_io: { name: "io pressure", ...share },
  load1: { name: "load", format: plain },
  disk_used: { name: "disk", ...share },
  disk_busy: { name: "disk busy", ...share },
  network_received_bytes: { name: "received", format: perSecond },
  network_sent_bytes: { name: "sent", format: perSecond },
  gpu_used: { name: "gpu", ...share },
  gpu_memory_used: { name: "gpu memory", ...share },
  gpu_temperature_celsius: { name: "gpu temperature", format: (value) => `${plain(value)} °C` },
  round_trip_ms: { name: "round trip", format: (value) => `${plain(value)} ms` },
};

/** The metrics that `seriesCharts` shows. */
export const chartedMetrics: readonly string[] = Object.keys(looks);

/** "" when nothing was measured. */
export function seriesCharts({ series = [], stepMs = 0 }: NodeSeriesResponse, colours: Colours): string {
  const rows = chartedMetrics.flatMap((metric) => {
    const look = looks[metric];
    const ofMetric = series.filter((one) => one.metric === metric && hasValues(one));
    return look === undefined ? [] : ofMetric.map((one) => row(look, one));
  });
  if (rows.length === 0) return "";
  const steps = Math.max(...series.map(({ values = [] }) => values.length));
  const head = `THE LAST ${formatDuration(steps * stepMs)}`;
  return table(["MEASURED", head, "NOW", "LOWEST", "HIGHEST"], rows, colours);
}

function hasValues({ values = [] }: NodeSeries): boolean {
  return values.some((value) => !Number.isNaN(value));
}

function row({ name, format, full }: Look, { part, values = [], highest: tops = [] }: NodeSeries): string[] {
  const known = values.filter((value) => !Number.isNaN(value));
  const peaked = tops.length > 0 ? tops : values;
  const lowest = Math.min(...known);
  const highest = Math.max(...peaked.filter((value) => !Number.isNaN(value)));
  const chart = sparkly(peaks(peaked, chartWidth), { minimum: 0, maximum: full ?? highest });
  const newest = known.at(-1) ?? 0;
  return [part ? `${name} ${printable(part)}` : name, chart, format(newest), format(lowest), format(highest)];
}

/** As many columns, of which each shows the highest of its share of the values: a short peak must not vanish. */
function peaks(values: readonly number[], columns: number): number[] {
  if (values.length <= columns) return [...values];
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const known = values
      .slice(from, Math.floor(((column + 1) * values.length) / columns))
      .filter((value) => !Number.isNaN(value));
    return known.length === 0 ? Number.NaN : Math.max(...known);
  });
}
