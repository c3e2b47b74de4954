/** List and Get of nodes: the durable record, and what this coordinator hears. */
import type { NodeServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/NodeService.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { NodeRecord } from "../core/record.ts";
import type { Backend, CommittedView, NodeState } from "./backend.ts";
import { nodeMessage } from "./convert/node.ts";
import type { UnaryMethods } from "./methods.ts";
import { readAt, readInfo } from "./reads.ts";
import { checkFilterLabels, checkNodeStates } from "./validate/filter.ts";
import { checkId } from "./validate/identity.ts";
import { checkPageSize, checkPageToken, pageToken } from "./validate/paging.ts";

type Methods = UnaryMethods<NodeServiceHandlers>;

/** A node with many disks takes some kilobytes: so many fit into one message. */
const maxNodesInAnswer = 200;

export function listNodes(backend: Backend): Methods["List"] {
  return async (request, call) => {
    const states = checkNodeStates(request.states);
    const labels = checkFilterLabels("labels", request.labels);
    const after = checkPageToken(request.pageToken, false);
    const size = Math.min(checkPageSize(request.pageSize), maxNodesInAnswer);
    return readAt(backend, request.minRevision, call, (view) => {
      const found = [...view.nodes.values()]
        .filter((node) => node.id > after && selects(view, node, states, labels))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const nodes = found.slice(0, size);
      const last = nodes.at(-1);
      return {
        nodes: nodes.map((node) => nodeMessage(node, view.nodeStatus(node.id))),
        nextPageToken: found.length > size && last !== undefined ? pageToken(last.id, false) : "",
        read: readInfo(backend, view),
      };
    });
  };
}

function selects(
  view: CommittedView,
  node: NodeRecord,
  states: readonly NodeState[],
  labels: Readonly<Record<string, string>>,
): boolean {
  if (states.length > 0 && !states.includes(view.nodeStatus(node.id).state)) return false;
  return Object.entries(labels).every(([key, value]) => node.labels[key] === value);
}

export function getNode(backend: Backend): Methods["Get"] {
  return async (request, call) => {
    const nodeId = checkId("node_id", request.nodeId);
    return readAt(backend, request.minRevision, call, (view) => {
      const node = view.nodes.get(nodeId);
      if (node === undefined) throw new HoldfastError("notFound", `there is no node "${nodeId}"`);
      return { node: nodeMessage(node, view.nodeStatus(nodeId)), read: readInfo(backend, view) };
    });
  };
}
