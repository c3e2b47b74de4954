/** ClusterService: the cluster at a glance, what happened in it, and the big switches. */
import type { ClusterServiceHandlers } from "@holdfast/shared/contract/generated/holdfast/v1/ClusterService.ts";
import { clusterServiceDefinition as methods } from "@holdfast/shared/contract/load.ts";
import type { ResourceAmounts } from "../core/record.ts";
import type { Backend, CommittedView, CoordinatorView } from "./backend.ts";
import { type CallSettings, serverStream, unary } from "./call.ts";
import { clusterEvents } from "./cluster-events.ts";
import { nodeStateNames } from "./convert/states.ts";
import { stateCounts } from "./convert/task.ts";
import type { Forwarder } from "./forward.ts";
import type { Implemented, UnaryMethods } from "./methods.ts";
import { readAt, readInfo } from "./reads.ts";
import { checkReason } from "./validate/identity.ts";

type Methods = UnaryMethods<ClusterServiceHandlers>;

export function clusterService(
  backend: Backend,
  forwarder: Forwarder,
  settings: CallSettings,
): Implemented<ClusterServiceHandlers> {
  return {
    Status: unary(clusterStatus(backend), settings),
    Events: serverStream(clusterEvents(backend), settings),
    StepDown: unary(forwarder.writing(methods.StepDown, stepDown(backend)), settings),
    PausePlacement: unary(forwarder.writing(methods.PausePlacement, pausePlacement(backend)), settings),
    ResumePlacement: unary(forwarder.writing(methods.ResumePlacement, resumePlacement(backend)), settings),
  };
}

function clusterStatus(backend: Backend): Methods["Status"] {
  return async (request, call) => {
    const coordinators = await backend.coordinators();
    const leader = backend.leader();
    return readAt(backend, request.minRevision, call, (view) => ({
      cell: backend.cell,
      leaderId: leader?.id ?? "",
      leaderAddress: leader?.address ?? "",
      epoch: leader?.epoch ?? view.cluster.epoch,
      coordinators: coordinators.map((coordinator: CoordinatorView) => ({ ...coordinator })),
      tasks: stateCounts(view.taskCounts),
      placementPaused: view.cluster.placementPaused,
      placementPausedReason: view.cluster.placementPausedReason,
      frozenReason: view.frozenReason,
      read: readInfo(backend, view),
      version: backend.version,
      ...nodeTotals(view),
    }));
  };
}

/** Nodes by state, and what the nodes that are there have and have promised. */
function nodeTotals(view: CommittedView) {
  const nodes: Record<string, number> = {};
  const allocatable = emptyAmounts();
  const promised = emptyAmounts();
  for (const node of view.nodes.values()) {
    const status = view.nodeStatus(node.id);
    const name = nodeStateNames[status.state];
    nodes[name] = (nodes[name] ?? 0) + 1;
    if (status.state === "lost") continue;
    add(allocatable, node.inventory.allocatable);
    add(promised, status.promised);
  }
  return { nodes, allocatable, promised };
}

interface Amounts {
  cpuMillis: number;
  memoryBytes: number;
  readonly counts: Record<string, number>;
}

function emptyAmounts(): Amounts {
  return { cpuMillis: 0, memoryBytes: 0, counts: {} };
}

function add(sum: Amounts, { cpuMillis, memoryBytes, counts }: ResourceAmounts): void {
  sum.cpuMillis += cpuMillis;
  sum.memoryBytes += memoryBytes;
  for (const [name, count] of Object.entries(counts)) sum.counts[name] = (sum.counts[name] ?? 0) + count;
}

function stepDown(backend: Backend): Methods["StepDown"] {
  return async (request) => {
    await backend.stepDown(checkReason(request.reason) || "asked to");
    return { coordinatorId: backend.coordinatorId };
  };
}

function pausePlacement(backend: Backend): Methods["PausePlacement"] {
  return async (request) => {
    const { revision } = await backend.write({ kind: "pausePlacement", reason: checkReason(request.reason) });
    return { revision };
  };
}

function resumePlacement(backend: Backend): Methods["ResumePlacement"] {
  return async () => {
    const { revision } = await backend.write({ kind: "resumePlacement" });
    return { revision };
  };
}
