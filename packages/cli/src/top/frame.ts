/** One picture of `holdfast top`: the cluster in a few lines, then its nodes, those in trouble first. */
import type { ClusterStatusResponse, Node } from "@holdfast/shared/client/messages.ts";
import cliTruncate from "cli-truncate";
import sparkly from "sparkly";
import { healthOf } from "../format/check.ts";
import type { Colours } from "../format/colours.ts";
import { nodeHealth, nodeReason, nodeState } from "../format/node.ts";
import { formatBytes, formatShare } from "../format/quantity.ts";
import { clusterLines } from "../format/status.ts";
import { table } from "../format/table.ts";

export const sortKeys = ["cpu", "memory", "disk", "tasks", "node"] as const;
export type SortKey = (typeof sortKeys)[number];

export interface Picture {
  readonly status: ClusterStatusResponse;
  readonly nodes: readonly Node[];
  /** Oldest first; NaN where nothing was measured. */
  readonly cpuHistory: (nodeId: string) => readonly number[];
  readonly sort: SortKey;
  readonly nowMs: number;
  /** Not "": what stands between this picture and the cluster. */
  readonly problem: string;
}

/** Of the terminal; 0: without bounds. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

const chartWidth = 20;
const heads = ["NODE", "STATE", "HEALTH", "TASKS", "CPU", "", "MEMORY", "DISK", "LOAD", "RECEIVED", "SENT", "REASON"];

export function topFrame(picture: Picture, { columns, rows }: Size, colours: Colours): string {
  const head = clusterLines(picture.status, picture.nowMs, colours).split("\n");
  if (picture.problem !== "") head.push(colours.red(picture.problem));
  const room = rows === 0 ? picture.nodes.length : Math.max(0, rows - head.length - 3);
  const shown = inOrder(picture.nodes, picture.sort).slice(0, room);
  const lines = [
    ...head,
    "",
    ...table(
      heads,
      shown.map((node) => row(node, picture, colours)),
      colours,
    ).split("\n"),
  ];
  const left = picture.nodes.length - shown.length;
  if (left > 0) lines.push(colours.dim(`and ${left} more nodes`));
  return lines.map((line) => (columns === 0 ? line : cliTruncate(line, columns))).join("\n");
}

/** The nodes that the picture has room for, those in trouble first. */
export function inOrder(nodes: readonly Node[], sort: SortKey): readonly Node[] {
  const value = values[sort];
  return nodes.toSorted((one, other) => {
    const byTrouble = wellness(one) - wellness(other);
    if (byTrouble !== 0) return byTrouble;
    return value(other) - value(one) || ((one.id ?? "") < (other.id ?? "") ? -1 : 1);
  });
}

/** The worse, the lower. */
function wellness({ state, checks = [] }: Node): number {
  if (state !== "NODE_STATE_READY") return 0;
  const health = healthOf(checks);
  return health === "HEALTH_UNHEALTHY" ? 1 : health === "HEALTH_DEGRADED" ? 2 : 3;
}

const values: Readonly<Record<SortKey, (node: Node) => number>> = {
  cpu: ({ metrics }) => metrics?.cpuUsed ?? 0,
  memory: memoryShare,
  disk: fullestDisk,
  tasks: ({ attempts }) => attempts ?? 0,
  node: () => 0,
};

function row(node: Node, { cpuHistory }: Picture, colours: Colours): string[] {
  const { metrics } = node;
  const chart = sparkly([...cpuHistory(node.id ?? "")].slice(-chartWidth), { minimum: 0, maximum: 1 });
  const isMeasured = metrics !== undefined;
  return [
    node.id ?? "",
    nodeState(node, colours),
    nodeHealth(node, colours),
    String(node.attempts ?? 0),
    chart.padStart(chartWidth),
    isMeasured ? level(metrics.cpuUsed ?? 0, colours) : "-",
    isMeasured ? level(memoryShare(node), colours) : "-",
    isMeasured ? level(fullestDisk(node), colours) : "-",
    isMeasured && (metrics.load1 ?? 0) >= 0 ? (metrics.load1 ?? 0).toFixed(2) : "-",
    traffic(node, "receivedBytes"),
    traffic(node, "sentBytes"),
    nodeReason(node),
  ];
}

const highFrom = 0.8;
const fullFrom = 0.95;

function level(share: number, colours: Colours): string {
  const text = formatShare(share).padStart(4);
  if (share >= fullFrom) return colours.red(text);
  return share >= highFrom ? colours.yellow(text) : text;
}

function memoryShare({ metrics }: Node): number {
  const { memoryUsedBytes = 0, memoryAvailableBytes = 0 } = metrics ?? {};
  const whole = memoryUsedBytes + memoryAvailableBytes;
  return memoryUsedBytes < 0 || whole <= 0 ? -1 : memoryUsedBytes / whole;
}

/** -1: none is measured. */
function fullestDisk({ metrics }: Node): number {
  const shares = (metrics?.disks ?? []).map(({ usedBytes = 0, totalBytes = 0 }) =>
    totalBytes > 0 && usedBytes >= 0 ? usedBytes / totalBytes : -1,
  );
  return Math.max(-1, ...shares);
}

function traffic({ metrics }: Node, direction: "receivedBytes" | "sentBytes"): string {
  const rates = (metrics?.interfaces ?? []).map((one) => one[direction] ?? 0).filter((rate) => rate >= 0);
  return rates.length === 0 ? "-" : `${formatBytes(Math.round(rates.reduce((sum, rate) => sum + rate, 0)))}/s`;
}
