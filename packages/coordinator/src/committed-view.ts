/** What the API may see: this coordinator's copy of the committed state, and what it hears. */
import type { NodeCheck } from "@holdfast/shared/contract/generated/holdfast/v1/NodeCheck.ts";
import type { NodeMetrics__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { BatchView, CommittedView, NodeStatus } from "./api/backend.ts";
import { formatRevision } from "./api/revision.ts";
import type { Now } from "./core/event.ts";
import { explain } from "./core/explain.ts";
import type { Observation } from "./core/observation.ts";
import type { NodeRecord, ResourceAmounts } from "./core/record.ts";
import { livenessOf, type Settings } from "./core/settings.ts";
import type { NodeSlot } from "./core/state/node-slots.ts";
import type { State } from "./core/state/state.ts";
import type { Replica } from "./loop/replica.ts";

export interface ViewParts {
  readonly replica: Pick<Replica, "state" | "history" | "position" | "asOfMs">;
  readonly observation: Observation;
  readonly settings: Settings;
  readonly now: Now;
  /** Up to date by the nature of the answering coordinator: it leads. */
  readonly isLeading: boolean;
  readonly metricsOf: (nodeId: string) => NodeMetrics__Output | null;
  readonly checksOf: (nodeId: string) => readonly NodeCheck[];
}

const nothing: ResourceAmounts = Object.freeze({ cpuMillis: 0, memoryBytes: 0, counts: {} });

export function committedView(parts: ViewParts): CommittedView {
  const { replica, observation, settings, now } = parts;
  const { state } = replica;
  return {
    revision: formatRevision({ lineage: replica.history, sequence: replica.position.sequence }),
    asOfMs: parts.isLeading ? now.wallMs : replica.asOfMs,
    nowMs: now.wallMs,
    cluster: state.cluster,
    frozenReason: observation.frozenReason,
    taskIds: (after, newestFirst) => (newestFirst ? state.taskIds.descending(after) : state.taskIds.ascending(after)),
    liveTask: (id) => state.tasks.get(id),
    endedTask: (id) => state.ended.get(id),
    taskCounts: state.counts,
    batch: (id) => batchView(state, id),
    nodes: state.nodes,
    nodeStatus: (id) => nodeStatus(parts, id),
    seriesOf: (nodeId) => observation.series.get(nodeId),
    events: () => state.events.values(),
    explain: (taskId) => {
      const task = state.findTask(taskId);
      if (task === undefined) throw new Error(`task ${taskId} is not kept`);
      return explain(state, observation, settings, task, now);
    },
  };
}

function batchView(state: State, id: string): BatchView | undefined {
  const first = state.batches.get(id);
  if (first === undefined || first.batchId !== id) return undefined;
  const parts = [...(state.batchParts.get(id) ?? [])].map((part) => state.batches.get(part)?.taskIds ?? []);
  const accepted = parts.map((taskIds) => taskIds.filter((taskId) => taskId !== ""));
  return {
    namespace: first.namespace,
    submittedAtMs: first.submittedAtMs,
    taskIds: accepted.flat(),
    total: accepted.reduce((sum, taskIds) => sum + taskIds.length, 0),
    counts: state.batchCounts.get(id) ?? new Map(),
  };
}

function nodeStatus({ replica, observation, settings, now, metricsOf, checksOf }: ViewParts, id: string): NodeStatus {
  const node = replica.state.nodes.get(id);
  const slot = replica.state.slots.get(id);
  const lastBeatMs = observation.hearings.get(id)?.lastBeatMs ?? Number.NEGATIVE_INFINITY;
  const ageMs = now.steadyMs - lastBeatMs;
  return {
    ...(node === undefined
      ? { state: "lost", reason: "it was removed" }
      : judge(node, observation, settings, ageMs, now)),
    lastBeatAgeMs: Number.isFinite(ageMs) ? Math.round(ageMs) : -1,
    metrics: metricsOf(id),
    checks: checksOf(id),
    promised: slot === undefined ? nothing : promisedOf(slot),
    attempts: slot?.attempts.size ?? 0,
  };
}

/** @param ageMs since this coordinator last heard it */
export function judge(
  node: NodeRecord,
  observation: Observation,
  settings: Settings,
  ageMs: number,
  now: Now,
): Pick<NodeStatus, "state" | "reason"> {
  if (node.lostAtMs > 0) {
    return { state: "lost", reason: `lost ${Math.round((now.wallMs - node.lostAtMs) / 1_000)} s ago` };
  }
  if (node.awayUntilMs > 0) {
    return {
      state: "away",
      reason: `its agent said it would be back within ${Math.round((node.awayUntilMs - now.wallMs) / 1_000)} s`,
    };
  }
  const silent = ageMs >= livenessOf(settings, node.nodeClass).suspectAfterMs;
  // Only a leader keeps this set: what it held at the end of a leadership stands in it until the next.
  if (silent && observation.cutOff.has(node.id)) {
    return { state: "cutOff", reason: "only another coordinator hears it" };
  }
  if (silent)
    return { state: "suspect", reason: Number.isFinite(ageMs) ? "no beat in time" : "no beat heard here yet" };
  return { state: "ready", reason: "" };
}

function promisedOf(slot: NodeSlot): ResourceAmounts {
  const counts = Object.fromEntries([...slot.devices].map(([name, numbers]) => [name, numbers.size]));
  return { cpuMillis: slot.cpuMillis, memoryBytes: slot.memoryBytes, counts };
}
