/** What operators do with nodes: cordon, drain, remove; and what nodes do themselves: leave. */
import type { WriteRequest } from "../event.ts";
import { mayRunUnknown } from "../exclusive/office.ts";
import { isEndedAttempt, type NodeRecord } from "../record.ts";
import { stopAttempt } from "../tasks/transitions.ts";
import { currentAttempt, type Turn } from "../turn.ts";
import { loseAll } from "./hello.ts";
import { loseNode } from "./liveness.ts";

/** So many attempts at most are stopped for drains in one commit. */
const stopsPerTurn = 500;

export function cordon(turn: Turn, callId: number, request: WriteRequest<"cordon">): void {
  const node = knownNode(turn, callId, request.nodeId);
  if (node === undefined) return;
  if (!node.cordoned || node.cordonReason !== request.reason) {
    turn.putNode({ ...node, cordoned: true, cordonReason: request.reason });
    turn.note("node.cordoned", node.id, request.reason);
  }
  turn.answer(callId, {});
}

export function uncordon(turn: Turn, callId: number, request: WriteRequest<"uncordon">): void {
  const node = knownNode(turn, callId, request.nodeId);
  if (node === undefined) return;
  if (node.cordoned) {
    turn.putNode({ ...node, cordoned: false, cordonReason: "", drainDeadlineMs: null, drainFinished: false });
    turn.note("node.uncordoned", node.id, "");
  }
  turn.answer(callId, {});
}

export function drain(turn: Turn, callId: number, request: WriteRequest<"drain">): void {
  const node = knownNode(turn, callId, request.nodeId);
  if (node === undefined) return;
  const drainDeadlineMs = turn.now.wallMs + request.deadlineMs;
  const cordonReason = request.reason === "" ? "to be drained" : request.reason;
  turn.putNode({ ...node, cordoned: true, cordonReason, drainDeadlineMs, drainFinished: false });
  turn.note("node.draining", node.id, `its tasks have ${request.deadlineMs / 1_000} s to end by themselves`);
  turn.answer(callId, {});
}

export function remove(turn: Turn, callId: number, request: WriteRequest<"remove">): void {
  const node = knownNode(turn, callId, request.nodeId);
  if (node === undefined) return;
  const attempts = turn.state.slots.get(node.id)?.attempts.size ?? 0;
  if (node.lostAtMs === 0 && (!node.cordoned || attempts > 0)) {
    const description = `${node.id} is in use (${node.cordoned ? `${attempts} attempts run there` : "it takes tasks"}); drain it first`;
    return turn.refuse(callId, "failedPrecondition", `node_id: ${description}`, [{ field: "node_id", description }]);
  }
  if (node.lostAtMs === 0 && (turn.observation.hearings.get(node.id)?.instanceId ?? "") !== "") {
    const message = `node_id: the agent of ${node.id} still runs and would join again; stop it first`;
    return turn.refuse(callId, "failedPrecondition", message, [{ field: "node_id", description: message }]);
  }
  if (turn.state.exclusive.byNode.has(node.id) || mayRunUnknown(turn, node.id)) {
    const message = `node_id: exclusive tasks may still run on ${node.id}; wait for the end of their leases, or confirm that it is dead`;
    return turn.refuse(callId, "failedPrecondition", message, [{ field: "node_id", description: message }]);
  }
  turn.put({ kind: "node", id: node.id, value: null });
  turn.note("node.removed", node.id, "");
  turn.answer(callId, {});
}

/** Somebody vouches that nothing of a lost node runs any more. */
export function confirmDead(turn: Turn, callId: number, request: WriteRequest<"confirmDead">): void {
  const node = knownNode(turn, callId, request.nodeId);
  if (node === undefined) return;
  if (node.lostAtMs === 0) {
    const description = `${node.id} is not lost; only a lost node can be confirmed dead`;
    return turn.refuse(callId, "failedPrecondition", `node_id: ${description}`, [{ field: "node_id", description }]);
  }
  turn.note("node.confirmedDead", node.id, request.reason);
  // There is nothing more that it could tell.
  turn.observation.greeted.add(node.id);
  loseAll(turn, node.id, `its node ${node.id} was confirmed dead`);
  turn.answer(callId, {});
}

export function bidFarewell(turn: Turn, nodeId: string, returning: boolean, reason: string): void {
  const node = turn.state.nodes.get(nodeId);
  if (node === undefined || node.lostAtMs > 0) return;
  if (!returning) return loseNode(turn, node, reason === "" ? "its agent has left for good" : reason);
  turn.putNode({ ...node, awayUntilMs: turn.now.wallMs + turn.settings.awayMaxMs });
  turn.note("node.away", node.id, reason === "" ? "its agent will be back" : reason);
}

/** Ends absences that were too long, and drives drains. */
export function watchDeadlines(turn: Turn): void {
  let stopsLeft = stopsPerTurn;
  for (const nodeId of [...turn.state.watchedNodes]) {
    const node = turn.state.nodes.get(nodeId);
    if (node === undefined) continue;
    if (node.awayUntilMs > 0 && node.awayUntilMs <= turn.now.wallMs) turn.putNode({ ...node, awayUntilMs: 0 });
    if (node.drainDeadlineMs !== null && !node.drainFinished) stopsLeft -= driveDrain(turn, node, stopsLeft);
  }
}

function driveDrain(turn: Turn, node: NodeRecord, stopsLeft: number): number {
  const attempts = turn.state.slots.get(node.id)?.attempts ?? new Map<string, string>();
  if (attempts.size === 0) {
    turn.putNode({ ...node, drainFinished: true });
    turn.note("node.drained", node.id, "nothing runs there any more");
    return 0;
  }
  if ((node.drainDeadlineMs ?? 0) > turn.now.wallMs) return 0;
  let stopped = 0;
  for (const taskId of [...attempts.values()]) {
    if (stopped >= stopsLeft) break;
    const task = turn.state.tasks.get(taskId);
    const attempt = task === undefined ? undefined : currentAttempt(task);
    if (task === undefined || attempt?.nodeId !== node.id || attempt.stop !== null) continue;
    // What still runs there is another, which the end of this one has stopped.
    if (isEndedAttempt(attempt.state)) continue;
    turn.putTask(stopAttempt(turn, task, attempt, "drained", `node ${node.id} is being drained`));
    stopped += 1;
  }
  return stopped;
}

function knownNode(turn: Turn, callId: number, nodeId: string): NodeRecord | undefined {
  const node = turn.state.nodes.get(nodeId);
  if (node === undefined) turn.refuse(callId, "notFound", `there is no node "${nodeId}"; "holdfast nodes" lists them`);
  return node;
}
