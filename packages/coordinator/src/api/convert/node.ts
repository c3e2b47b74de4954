/** Nodes as clients see them. */
import type { Inventory } from "@holdfast/shared/contract/generated/holdfast/v1/Inventory.ts";
import type { Node } from "@holdfast/shared/contract/generated/holdfast/v1/Node.ts";
import type { NodeInventory, NodeRecord } from "../../core/record.ts";
import type { NodeStatus } from "../backend.ts";
import { nodeStateNames } from "./states.ts";

export function nodeMessage(node: NodeRecord, status: NodeStatus): Node {
  return {
    id: node.id,
    state: nodeStateNames[status.state],
    reason: status.reason || node.cordonReason,
    cordoned: node.cordoned,
    ...(node.drainDeadlineMs === null ? {} : { drain: drainMessage(node.drainDeadlineMs, node, status) }),
    inventory: inventoryMessage(node.inventory),
    bootId: node.bootId,
    agentVersion: node.agentVersion,
    nodeClass: node.nodeClass,
    labels: node.labels,
    joinedAtMs: node.joinedAtMs,
    lastBeatAgeMs: Math.round(status.lastBeatAgeMs),
    promised: status.promised,
    attempts: status.attempts,
    ...(status.metrics === null ? {} : { metrics: status.metrics }),
    checks: [...status.checks],
  };
}

function drainMessage(deadlineMs: number, node: NodeRecord, { attempts }: NodeStatus) {
  return { deadlineMs, finished: node.drainFinished, attemptsLeft: attempts };
}

function inventoryMessage(inventory: NodeInventory): Inventory {
  return { ...inventory, gpus: [...inventory.gpus] };
}
