/**
 * Which nodes live. Looked at on each tick, by the leader alone.
 *
 * Silent for suspectAfterMs: suspect, gets nothing new. Silent for lostAfterMs: lost, and its tasks are given to others,
 * unless a peer has heard it meanwhile (then it is cut off from us, not lost), or so many fell silent at once that rather we
 * are at fault: then a peer must witness it, one that did not stall itself and has not heard them either. Without a witness the
 * cluster freezes: those nodes are not taken for lost until they return, a witness is found, or an operator decides.
 */
import { silenceMs } from "../observation.ts";
import type { NodeRecord } from "../record.ts";
import { livenessOf, type Settings } from "../settings.ts";
import type { Turn } from "../turn.ts";
import { forgetOldRelays, hearerOf, isCutOff } from "./cut-off.ts";
import { presumeAllLost } from "./hello.ts";

/** So many nodes at most are lost in one commit. */
const lossesPerTurn = 20;
const inquiryIntervalMs = 1_000;
const lossConfirmedForMs = 10_000;

/** What was heard before the election counts as it was heard; a node that never was gets its full time from now. */
export function startWatching(turn: Turn): void {
  const { observation, state, now } = turn;
  observation.relays.clear();
  for (const nodeId of state.nodes.keys()) {
    if (!observation.hearings.has(nodeId)) observation.unheardFromMs.set(nodeId, now.steadyMs);
  }
}

export function watchNodes(turn: Turn): void {
  // After a stall this tick may be the first thing to run.
  turn.observation.turned(turn.now);
  inquireReturned(turn);
  forgetOldRelays(turn);
  clearSuspicions(turn);
  const { suspects, overdue } = findSilent(turn);
  forgetOldLosses(turn);
  const gone = overdue.filter((node) => !isCutOff(turn, node));
  // Beats are spread in time, so that nodes which fell silent at one moment are overdue one after the other: the suspects
  // count, too, or the first of them would be lost before their number is known.
  const fallenSilent = gone.length === 0 ? 0 : suspects.filter((node) => hearerOf(turn, node) === "").length;
  const massLoss = isMassLoss(turn, fallenSilent);
  if (turn.observation.frozenReason !== "" && !massLoss && !areLossesConfirmed(turn)) return awaitTheOthers(turn);
  const witnessed = massLoss ? gone.filter((node) => isWitnessed(turn, node)) : gone;
  freezeOrThaw(turn, gone.length > witnessed.length ? fallenSilent : 0);
  if (witnessed.length > lossesPerTurn) turn.unfinished = true;
  for (const node of witnessed.slice(0, lossesPerTurn)) {
    turn.observation.losses.set(node.id, turn.now.steadyMs);
    loseNode(
      turn,
      node,
      `it was silent for ${(livenessOf(turn.settings, node.nodeClass).lostAfterMs / 1_000).toFixed(1)} s`,
    );
  }
}

export function loseNode(turn: Turn, node: NodeRecord, reason: string): void {
  turn.putNode({ ...node, lostAtMs: turn.now.wallMs, awayUntilMs: 0 });
  turn.observation.suspects.delete(node.id);
  turn.observation.cutOff.delete(node.id);
  const attempts = turn.state.slots.get(node.id)?.attempts.size ?? 0;
  turn.note("node.lost", node.id, `${reason}; ${attempts} attempts ran there`);
  presumeAllLost(turn, node.id, `its node ${node.id} was lost (${reason})`);
}

/** An operator says that the nodes which hold up the cluster are really gone. */
export function confirmLosses(turn: Turn): void {
  turn.observation.lossConfirmedUntilMs = turn.now.steadyMs + lossConfirmedForMs;
}

/** Lost nodes that beat again are asked what runs there. */
function inquireReturned(turn: Turn): void {
  const { observation, now } = turn;
  for (const nodeId of turn.state.lostNodes) {
    const hearing = observation.hearings.get(nodeId);
    if (hearing === undefined || hearing.instanceId === "") continue;
    const silent = now.steadyMs - hearing.lastBeatMs >= turn.settings.suspectAfterMs;
    const askedMs = observation.inquiries.get(nodeId) ?? Number.NEGATIVE_INFINITY;
    if (silent || now.steadyMs - askedMs < inquiryIntervalMs) continue;
    observation.inquiries.set(nodeId, now.steadyMs);
    turn.tell({ kind: "inquire", nodeId });
  }
}

function clearSuspicions(turn: Turn): void {
  const { observation, state, settings, now } = turn;
  for (const nodeId of [...observation.suspects]) {
    const node = state.nodes.get(nodeId);
    const limits = livenessOf(settings, node?.nodeClass ?? "");
    // That a node is cut off was no fault of ours: time that all get again after a stall does not bring it back.
    const silentMs = observation.cutOff.has(nodeId)
      ? now.steadyMs - (observation.hearings.get(nodeId)?.lastBeatMs ?? Number.NEGATIVE_INFINITY)
      : silenceMs(observation, nodeId, now);
    if (node !== undefined && silentMs >= limits.suspectAfterMs) continue;
    observation.suspects.delete(nodeId);
    state.slots.gained.add(nodeId);
    if (observation.cutOff.delete(nodeId)) turn.note("node.heard", nodeId, "the leader hears it again");
  }
}

/** Marks suspects, and gives back all of them and those among them that have been silent for too long. */
function findSilent(turn: Turn): { suspects: NodeRecord[]; overdue: NodeRecord[] } {
  const { observation, state, settings, now } = turn;
  const shortestMs = shortestSuspicionMs(settings);
  const suspects: NodeRecord[] = [];
  const overdue: NodeRecord[] = [];
  const look = (nodeId: string, silentMs: number) => {
    const node = state.nodes.get(nodeId);
    if (node === undefined || node.lostAtMs > 0 || node.awayUntilMs > now.wallMs) return;
    const limits = livenessOf(settings, node.nodeClass);
    if (silentMs < limits.suspectAfterMs) return;
    observation.suspects.add(nodeId);
    suspects.push(node);
    if (silentMs >= limits.lostAfterMs) overdue.push(node);
  };
  for (const hearing of observation.hearings.values()) {
    const silentMs = silenceMs(observation, hearing.nodeId, now);
    if (silentMs < shortestMs) break;
    look(hearing.nodeId, silentMs);
  }
  for (const [nodeId, fromMs] of observation.unheardFromMs) {
    const isKnown = state.nodes.has(nodeId) || observation.relays.has(nodeId);
    if (observation.hearings.has(nodeId) || !isKnown) observation.unheardFromMs.delete(nodeId);
    else look(nodeId, now.steadyMs - Math.max(fromMs, observation.graceFromMs));
  }
  return { suspects, overdue };
}

function shortestSuspicionMs(settings: Settings): number {
  return Math.min(settings.suspectAfterMs, ...Object.values(settings.nodeClasses).map((one) => one.suspectAfterMs));
}

/** @param fallenSilent nodes that neither we nor a peer hear at present, the overdue ones among them */
function isMassLoss(turn: Turn, fallenSilent: number): boolean {
  const { observation, settings, state } = turn;
  if (areLossesConfirmed(turn)) return false;
  const present = state.nodes.size - state.lostNodes.size + observation.losses.size;
  const allowed = Math.max(settings.massLossCount, settings.massLossFraction * present);
  return fallenSilent > 0 && observation.losses.size + fallenSilent > allowed;
}

function areLossesConfirmed({ observation, now }: Turn): boolean {
  return now.steadyMs < observation.lossConfirmedUntilMs;
}

function isWitnessed(turn: Turn, node: NodeRecord): boolean {
  const { observation, now, settings } = turn;
  const { lostAfterMs } = livenessOf(settings, node.nodeClass);
  for (const view of observation.peers.values()) {
    const fresh = now.steadyMs - view.receivedMs <= settings.peerViewMaxAgeMs;
    if (fresh && view.hearing.steadyForMs >= lostAfterMs && view.silentForMs.has(node.id)) return true;
  }
  return false;
}

/** @param inDoubt nodes that hold the cluster up: more fell silent than is believable, and nobody witnesses it */
function freezeOrThaw(turn: Turn, inDoubt: number): void {
  const { observation } = turn;
  if (inDoubt > 0 && observation.frozenReason === "") {
    observation.frozenReason = `${inDoubt} nodes fell silent at once and no other coordinator confirms it`;
    turn.note("cluster.frozen", "cluster", observation.frozenReason);
    turn.tell({ kind: "log", level: "warn", message: `frozen: ${observation.frozenReason}` });
  } else if (inDoubt === 0 && observation.frozenReason !== "") {
    observation.frozenReason = "";
    turn.note("cluster.thawed", "cluster", "no silent node is in doubt any more");
    turn.tell({ kind: "log", level: "warn", message: "thawed: no silent node is in doubt any more" });
  }
}

/**
 * Nodes return from a freeze one after the other. When enough of them have for the rest to be believable, the rest gets its
 * time again: it may be about to beat, too.
 */
function awaitTheOthers(turn: Turn): void {
  turn.observation.graceFromMs = turn.now.steadyMs;
  freezeOrThaw(turn, 0);
}

function forgetOldLosses(turn: Turn): void {
  const { observation, now, settings } = turn;
  for (const [nodeId, lostMs] of observation.losses) {
    const old = now.steadyMs - lostMs > settings.massLossWindowMs;
    const returned = turn.state.nodes.get(nodeId)?.lostAtMs === 0;
    if (old || returned) observation.losses.delete(nodeId);
  }
}
