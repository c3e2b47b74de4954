/** Nodes: one a line, and one in full. */
import type { Node } from "@holdfast/shared/client/messages.ts";
import { checkTable, healthOf, worstReason } from "./check.ts";
import type { Colours } from "./colours.ts";
import { precise, relative } from "./moment.ts";
import { printable } from "./printable.ts";
import { formatBytes, formatCores, formatDuration, formatShare } from "./quantity.ts";
import { paintedState } from "./state.ts";
import { properties, table } from "./table.ts";
import { resourcesText } from "./task.ts";

export function nodeTable(nodes: readonly Node[], colours: Colours): string {
  const rows = nodes.map((node) => [
    node.id ?? "",
    nodeState(node, colours),
    nodeHealth(node, colours),
    node.nodeClass || "-",
    String(node.attempts ?? 0),
    promisedOf(node.promised?.cpuMillis, node.inventory?.allocatable?.cpuMillis, formatCores),
    promisedOf(node.promised?.memoryBytes, node.inventory?.allocatable?.memoryBytes, formatBytes),
    formatShare(node.metrics?.cpuUsed),
    memoryUsed(node),
    beatAge(node),
    nodeReason(node),
  ]);
  const heads = [
    "NODE",
    "STATE",
    "HEALTH",
    "CLASS",
    "TASKS",
    "CPU PROMISED",
    "MEMORY PROMISED",
    "CPU",
    "MEMORY",
    "BEAT",
    "REASON",
  ];
  return table(heads, rows, colours);
}

export function nodeDetail(node: Node, nowMs: number, colours: Colours): string {
  const { inventory, metrics, drain } = node;
  const head = properties(
    [
      ["node", node.id ?? ""],
      ["state", nodeState(node, colours)],
      ["reason", node.reason ? printable(node.reason) : undefined],
      ["drain", drain ? drainText(drain, nowMs) : undefined],
      ["class", node.nodeClass || undefined],
      ["labels", labels(node)],
      [
        "host",
        inventory &&
          `${inventory.hostname ?? "-"} (${inventory.os ?? "-"}, ${inventory.kernel ?? "-"}, ${inventory.arch ?? "-"})`,
      ],
      [
        "machine",
        [inventory?.manufacturer, inventory?.model, inventory?.virtualization].filter(Boolean).join(" ") || undefined,
      ],
      ["processor", inventory && `${inventory.cpuCores ?? 0} × ${inventory.cpuModel ?? "unknown"}`],
      ["memory", inventory && formatBytes(inventory.memoryBytes ?? 0)],
      ["gpus", inventory?.gpus?.map((gpu) => `${gpu.number ?? 0}: ${gpu.model ?? "unknown"}`).join(", ") || undefined],
      ["allocatable", resourcesText(inventory?.allocatable) || undefined],
      ["promised", `${resourcesText(node.promised) || "nothing"} to ${node.attempts ?? 0} attempts`],
      ["joined", precise(node.joinedAtMs, nowMs)],
      ["last beat", beatAge(node)],
      ["agent", node.agentVersion || undefined],
    ],
    colours,
  );
  const checks = node.checks?.length ? [checkTable(node.checks, nowMs, colours)] : [];
  if (metrics === undefined) return [head, ...checks].join("\n\n");
  const measured = properties(
    [
      ["measured", relative(metrics.measuredAtMs, nowMs)],
      ["cpu used", formatShare(metrics.cpuUsed ?? 0)],
      ["load", [metrics.load1, metrics.load5, metrics.load15].map((load) => (load ?? 0).toFixed(2)).join(" ")],
      ["memory used", formatBytes(metrics.memoryUsedBytes ?? 0)],
      ["swap used", formatBytes(metrics.swapUsedBytes ?? 0)],
      [
        "pressure",
        `cpu ${formatShare(metrics.pressureCpu ?? 0)}, memory ${formatShare(metrics.pressureMemory ?? 0)}, io ${formatShare(metrics.pressureIo ?? 0)}`,
      ],
    ],
    colours,
  );
  return [head, measured, ...deviceTables(metrics, colours), ...checks].join("\n\n");
}

function deviceTables(metrics: NonNullable<Node["metrics"]>, colours: Colours): string[] {
  const perSecond = (bytes: number | undefined) =>
    bytes === undefined || bytes < 0 ? "-" : `${formatBytes(Math.round(bytes))}/s`;
  const disks = (metrics.disks ?? []).map((disk) => [
    disk.mount ?? "",
    formatBytes(disk.usedBytes ?? 0),
    formatBytes(disk.totalBytes ?? 0),
    perSecond(disk.readBytes ?? 0),
    perSecond(disk.writtenBytes ?? 0),
    formatShare(disk.busy ?? 0),
  ]);
  const interfaces = (metrics.interfaces ?? []).map((card) => [
    card.name ?? "",
    perSecond(card.receivedBytes ?? 0),
    perSecond(card.sentBytes ?? 0),
    String(card.errors ?? 0),
    String(card.drops ?? 0),
  ]);
  return [
    ...(disks.length > 0 ? [table(["DISK", "USED", "TOTAL", "READ", "WRITTEN", "BUSY"], disks, colours)] : []),
    ...(interfaces.length > 0
      ? [table(["INTERFACE", "RECEIVED", "SENT", "ERRORS/S", "DROPS/S"], interfaces, colours)]
      : []),
  ];
}

/** Of its checks, as far as they were told. */
export function nodeHealth({ checks = [] }: Node, colours: Colours): string {
  return checks.length > 0 ? paintedState(healthOf(checks), colours) : "-";
}

/** Why it is not as it should be; "" when it is. */
export function nodeReason({ reason, checks = [] }: Node): string {
  return printable(reason || worstReason(checks));
}

export function nodeState(node: Node, colours: Colours): string {
  const state = paintedState(node.state, colours);
  if (node.drain) return `${state}${colours.yellow(node.drain.finished ? " (drained)" : " (draining)")}`;
  return node.cordoned ? `${state}${colours.yellow(" (cordoned)")}` : state;
}

function drainText(drain: NonNullable<Node["drain"]>, nowMs: number): string {
  if (drain.finished) return "finished";
  return `${drain.attemptsLeft ?? 0} attempts left, deadline ${relative(drain.deadlineMs, nowMs)}`;
}

function promisedOf(
  promised: number | undefined,
  whole: number | undefined,
  format: (amount: number) => string,
): string {
  return `${format(promised ?? 0)} of ${format(whole ?? 0)}`;
}

function memoryUsed({ inventory, metrics }: Node): string {
  if (metrics?.memoryUsedBytes === undefined || !inventory?.memoryBytes) return "-";
  return formatShare(metrics.memoryUsedBytes / inventory.memoryBytes);
}

/** -1 says that none was heard; an absent number is 0. */
function beatAge({ lastBeatAgeMs = 0 }: Node): string {
  return lastBeatAgeMs < 0 ? "never" : `${formatDuration(lastBeatAgeMs)} ago`;
}

function labels(node: Node): string | undefined {
  const text = Object.entries(node.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return text.length === 0 ? undefined : printable(text.join(" "));
}
