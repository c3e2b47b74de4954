/** NodeService: which handler answers which method, and what changes nodes. */
import type { NodeServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/NodeService.ts";
import { nodeServiceDefinition as methods } from "@holdfast/shared/contract/load.ts";
import { invalidField } from "@holdfast/shared/errors.ts";
import type { Backend } from "./backend.ts";
import { type CallSettings, serverStream, unary } from "./call.ts";
import type { Forwarder } from "./forward.ts";
import type { Implemented, UnaryMethods } from "./methods.ts";
import { getNode, listNodes } from "./node-queries.ts";
import { nodeSeries } from "./node-series.ts";
import { watchNodes } from "./node-watch.ts";
import { checkId, checkReason } from "./validate/identity.ts";

type Methods = UnaryMethods<NodeServiceHandlers>;

const maxDrainMs = 30 * 24 * 3_600_000;

export function nodeService(
  backend: Backend,
  forwarder: Forwarder,
  settings: CallSettings,
): Implemented<NodeServiceHandlers> {
  return {
    List: unary(listNodes(backend), settings),
    Get: unary(getNode(backend), settings),
    Series: unary(nodeSeries(backend), settings),
    Watch: serverStream(watchNodes(backend), settings),
    Cordon: unary(forwarder.writing(methods.Cordon, cordonNode(backend)), settings),
    Uncordon: unary(forwarder.writing(methods.Uncordon, uncordonNode(backend)), settings),
    Drain: unary(forwarder.writing(methods.Drain, drainNode(backend)), settings),
    Remove: unary(forwarder.writing(methods.Remove, removeNode(backend)), settings),
    ConfirmDead: unary(forwarder.writing(methods.ConfirmDead, confirmNodeDead(backend)), settings),
  };
}

function cordonNode(backend: Backend): Methods["Cordon"] {
  return async (request) => {
    const nodeId = checkId("node_id", request.nodeId);
    const { revision } = await backend.write({ kind: "cordon", nodeId, reason: checkReason(request.reason) });
    return { revision };
  };
}

function uncordonNode(backend: Backend): Methods["Uncordon"] {
  return async (request) => {
    const nodeId = checkId("node_id", request.nodeId);
    const { revision } = await backend.write({ kind: "uncordon", nodeId });
    return { revision };
  };
}

function drainNode(backend: Backend): Methods["Drain"] {
  return async (request) => {
    const nodeId = checkId("node_id", request.nodeId);
    const reason = checkReason(request.reason);
    const { deadlineMs = 0 } = request;
    if (deadlineMs < 0 || deadlineMs > maxDrainMs) {
      throw invalidField("deadline_ms", `is ${deadlineMs}; it counts from now and must be 0 to ${maxDrainMs}`);
    }
    const { revision } = await backend.write({ kind: "drain", nodeId, deadlineMs, reason });
    return { revision };
  };
}

function removeNode(backend: Backend): Methods["Remove"] {
  return async (request) => {
    const nodeId = checkId("node_id", request.nodeId);
    const { revision } = await backend.write({ kind: "remove", nodeId });
    return { revision };
  };
}

function confirmNodeDead(backend: Backend): Methods["ConfirmDead"] {
  return async (request) => {
    const nodeId = checkId("node_id", request.nodeId);
    if (request.confirmNodeId !== nodeId) {
      throw invalidField(
        "confirm_node_id",
        `is ${JSON.stringify(request.confirmNodeId ?? "")}; repeat ${nodeId} to confirm`,
      );
    }
    const { revision } = await backend.write({ kind: "confirmDead", nodeId, reason: checkReason(request.reason) });
    return { revision };
  };
}
