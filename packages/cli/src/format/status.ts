/** The cluster at a glance. */
import type { ClusterStatusResponse, ReadInfo } from "@holdfast/shared/client/messages.ts";
import type { Colours } from "./colours.ts";
import { age, relative } from "./moment.ts";
import { printable } from "./printable.ts";
import { formatBytes, formatCores } from "./quantity.ts";
import { paintedState } from "./state.ts";
import { properties, table } from "./table.ts";

export function clusterStatus(status: ClusterStatusResponse, nowMs: number, colours: Colours): string {
  const head = clusterLines(status, nowMs, colours);
  const rows = (status.coordinators ?? []).map((coordinator) => [
    coordinator.id ?? "",
    coordinator.address ?? "",
    coordinator.leads ? colours.bold("leader") : "standby",
    coordinator.reachable || coordinator.leads ? colours.green("yes") : colours.red("no"),
    age(coordinator.startedAtMs, nowMs),
    coordinator.version ?? "",
  ]);
  if (rows.length === 0) return head;
  return `${head}\n\n${table(["COORDINATOR", "ADDRESS", "ROLE", "REACHABLE", "UP", "VERSION"], rows, colours)}`;
}

/** All of it but the list of coordinators. */
export function clusterLines(status: ClusterStatusResponse, nowMs: number, colours: Colours): string {
  return properties(
    [
      ["cell", status.cell ?? ""],
      [
        "leader",
        status.leaderId
          ? `${status.leaderId} at ${status.leaderAddress ?? "?"} (epoch ${status.epoch ?? 0})`
          : colours.red("none"),
      ],
      ["placement", placement(status, colours)],
      ["nodes", counts(Object.entries(status.nodes ?? {}), colours) || "none"],
      [
        "tasks",
        counts(
          (status.tasks ?? []).map(({ state, count }) => [state ?? "", count ?? 0] as const),
          colours,
        ) || "none",
      ],
      ["promised", promised(status)],
      ["as of", asOf(status.read, nowMs)],
    ],
    colours,
  );
}

function placement(status: ClusterStatusResponse, colours: Colours): string {
  if (status.frozenReason) return colours.red(`frozen: ${printable(status.frozenReason)}`);
  if (!status.placementPaused) return colours.green("open");
  return colours.yellow(`paused${status.placementPausedReason ? `: ${printable(status.placementPausedReason)}` : ""}`);
}

function counts(entries: readonly (readonly [string, number])[], colours: Colours): string {
  return entries
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${paintedState(state, colours)}`)
    .join(", ");
}

function promised({ promised = {}, allocatable = {} }: ClusterStatusResponse): string {
  const named = Object.entries(allocatable.counts ?? {}).map(
    ([name, count]) => `${promised.counts?.[name] ?? 0} of ${count} ${name}`,
  );
  return [
    `${formatCores(promised.cpuMillis ?? 0)} of ${formatCores(allocatable.cpuMillis ?? 0)} cores`,
    `${formatBytes(promised.memoryBytes ?? 0)} of ${formatBytes(allocatable.memoryBytes ?? 0)}`,
    ...named,
  ].join(", ");
}

function asOf(read: ReadInfo | undefined, nowMs: number): string | undefined {
  if (read === undefined) return undefined;
  return `${relative(read.asOfMs, nowMs)}, told by ${read.coordinatorId ?? "?"}${read.fromLeader ? "" : " (a standby)"}`;
}
