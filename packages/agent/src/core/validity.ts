/**
 * Whether a start may still be obeyed. It names the beat that the leader had heard from this agent process, and is void a
 * fixed time after that beat was sent, so that an order which got stuck on its way can never run late.
 */
import type { StartOrder } from "./event.ts";
import type { Turn } from "./turn.ts";

/** Why not; null: it may. */
export function whyVoid(turn: Turn, coordinator: string, order: StartOrder): string | null {
  if (order.instanceId !== turn.state.instanceId) {
    return "void: the order was meant for an earlier process of this agent";
  }
  const sentAtMs = whenSent(turn, coordinator, order.answersBeat);
  if (sentAtMs === undefined) return `void: it answers beat ${order.answersBeat}, which is not known here`;
  const ageMs = turn.now.steadyMs - sentAtMs;
  if (ageMs <= order.validForMs) return null;
  return `void: it answers beat ${order.answersBeat} of ${Math.round(ageMs)} ms ago, and was good for ${order.validForMs} ms`;
}

/**
 * Beat 0 is the link's first Hello, and is answered until the first beat was heard. A later Hello must not count: an order may
 * have got stuck behind what asked for it.
 */
function whenSent(turn: Turn, coordinator: string, beat: number): number | undefined {
  return beat === 0 ? turn.state.links.get(coordinator)?.helloAtMs : turn.state.beatsAtMs.get(beat);
}
