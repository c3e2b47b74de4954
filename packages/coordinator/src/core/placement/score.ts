/**
 * How good a node is for a task: by what is measured there, and by what is promised but cannot show in the measurements
 * yet. Lower is better; 1 is about a whole busy node.
 */
import type { NodeHearing } from "../observation.ts";
import type { ResourceAmounts, TaskRecord } from "../record.ts";
import type { NodeSlot } from "../state/node-slots.ts";

const weights = { cpu: 1, memory: 0.5, promised: 0.25, failedThere: 0.5 };

/**
 * What an attempt is taken to use until it shows: few say what they need, and the default is a reservation, not a forecast.
 */
export function expectedCpuMillis(resources: ResourceAmounts): number {
  return Math.max(resources.cpuMillis, 500);
}

export function scoreOf(
  slot: NodeSlot,
  hearing: NodeHearing,
  resources: ResourceAmounts,
  unluckyNodes: ReadonlySet<string>,
): number {
  const inventory = slot.record?.inventory;
  if (inventory === undefined) return Number.POSITIVE_INFINITY;
  const { allocatable } = inventory;
  const coreMillis = Math.max(1, inventory.cpuCores * 1_000);
  const unseenMillis = hearing.unseenCpuMillis + hearing.unseenBeforeCpuMillis;
  const cpu = Math.max(0, hearing.load.cpuUsed) + (unseenMillis + expectedCpuMillis(resources)) / coreMillis;
  const memoryBytes = Math.max(slot.memoryBytes, hearing.load.memoryUsedBytes) + resources.memoryBytes;
  const memory = memoryBytes / Math.max(1, inventory.memoryBytes);
  const promised = slot.cpuMillis / Math.max(1, allocatable.cpuMillis);
  const failedThere = unluckyNodes.has(slot.nodeId) ? weights.failedThere : 0;
  return weights.cpu * cpu + weights.memory * memory + weights.promised * promised + failedThere;
}

const none: ReadonlySet<string> = new Set();

/** Nodes on which the task has failed or was lost: others are tried first. */
export function unluckyNodes(task: TaskRecord): ReadonlySet<string> {
  if (task.attempts.length === 0) return none;
  const nodes = new Set<string>();
  for (const attempt of task.attempts) {
    if (attempt.state === "failed" || attempt.state === "lost" || attempt.state === "refused")
      nodes.add(attempt.nodeId);
  }
  return nodes;
}
