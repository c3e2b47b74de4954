/**
 * Nodes that this coordinator does not hear and another one does: cut off, not lost. What another one heard is known by what it
 * tells of its silences, and by the beats that it passes on.
 */
import type { NodeRecord } from "../record.ts";
import { livenessOf } from "../settings.ts";
import type { Turn } from "../turn.ts";

/**
 * When any other coordinator last heard this node, as far as they have told; on our steady clock, and rather too late than too
 * early: what was on its way for a while counts from its arrival.
 */
function heardElsewhereMs({ observation }: Turn, nodeId: string): number {
  let heardMs = observation.relays.get(nodeId)?.lastBeatMs ?? Number.NEGATIVE_INFINITY;
  for (const view of observation.peers.values()) {
    heardMs = Math.max(heardMs, view.receivedMs - (view.silentForMs.get(nodeId) ?? 0));
  }
  return heardMs;
}

/** The coordinator that hears a node which we do not; "" when there is none. */
export function hearerOf({ observation, now, settings }: Turn, node: NodeRecord): string {
  const relay = observation.relays.get(node.id);
  const { suspectAfterMs } = livenessOf(settings, node.nodeClass);
  if (relay !== undefined && now.steadyMs - relay.lastBeatMs < suspectAfterMs) return relay.through;
  for (const view of observation.peers.values()) {
    const fresh = now.steadyMs - view.receivedMs <= settings.peerViewMaxAgeMs;
    if (fresh && !view.silentForMs.has(node.id)) return view.hearing.coordinatorId;
  }
  return "";
}

/** True unless all others have been silent about this node, too, for as long as makes it lost. Notes who hears it. */
export function isCutOff(turn: Turn, node: NodeRecord): boolean {
  const { observation, now, settings } = turn;
  const hearer = hearerOf(turn, node);
  if (hearer !== "" && !observation.cutOff.has(node.id)) {
    observation.cutOff.add(node.id);
    turn.note("node.cutOff", node.id, `only ${hearer} hears it`);
  }
  return now.steadyMs - heardElsewhereMs(turn, node.id) < livenessOf(settings, node.nodeClass).lostAfterMs;
}

/** A node whose Hello came through another coordinator gets no tasks until we hear it ourselves. */
export function suspectIfRelayed({ observation }: Turn, nodeId: string): void {
  if (observation.relays.has(nodeId)) observation.suspects.add(nodeId);
}

/** What was passed on so long ago changes no judgement any more. */
export function forgetOldRelays({ observation, state, settings, now }: Turn): void {
  for (const [nodeId, { lastBeatMs }] of observation.relays) {
    const { lostAfterMs } = livenessOf(settings, state.nodes.get(nodeId)?.nodeClass ?? "");
    if (now.steadyMs - lastBeatMs >= lostAfterMs) observation.relays.delete(nodeId);
  }
}
