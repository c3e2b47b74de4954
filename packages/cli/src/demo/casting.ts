/** Which nodes the demo's tasks run on, and how much they ask for, so that they also fit when one of those is gone. */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { Node } from "@holdfast/shared/client/messages.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Stage } from "./stage.ts";

export interface Casting {
  readonly nodeIds: readonly string[];
  /** Promised to each task, in thousandths of a core. */
  readonly cpuMillis: number;
}

/** On more nodes too few tasks would run on each for the loss of one to be much of a loss. */
const mostNodes = 3;
const mostCpuMillis = 100;
/** Of the room that the rest of the nodes has, so that placement need not be perfect. */
const usedShare = 0.8;

/** @throws HoldfastError failedPrecondition when there are too few members to lose one */
export async function chooseNodes(client: HoldfastClient, stage: Stage, tasks: number): Promise<Casting> {
  const coordinators = stage.idsOf("coordinator").length;
  const local = new Set(stage.idsOf("agent"));
  const nodes: Node[] = [];
  for await (const node of client.nodes.listAll({ states: ["NODE_STATE_READY"] })) {
    if (local.has(node.id ?? "") && node.cordoned !== true) nodes.push(node);
  }
  if (nodes.length < 2 || coordinators < 2)
    throw new HoldfastError(
      "failedPrecondition",
      `the demo needs 2 coordinators and 2 agents that are ready, and the running cluster has ${coordinators} and ` +
        `${nodes.length}; give it a cluster of its own with --own`,
    );
  const chosen = nodes.toSorted((one, other) => freeCpuMillis(other) - freeCpuMillis(one)).slice(0, mostNodes);
  // The first has most room; it may be the one that is lost.
  const roomMillis = chosen.slice(1).reduce((sum, node) => sum + freeCpuMillis(node), 0);
  const cpuMillis = Math.min(mostCpuMillis, Math.max(1, Math.floor((roomMillis * usedShare) / tasks)));
  return { nodeIds: chosen.map(({ id = "" }) => id), cpuMillis };
}

function freeCpuMillis({ inventory, promised }: Node): number {
  return Math.max(0, (inventory?.allocatable?.cpuMillis ?? 0) - (promised?.cpuMillis ?? 0));
}
