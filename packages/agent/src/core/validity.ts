/**
 * Whether a start may still be obeyed. It names the beat that the leader had heard from this agent process, and is void a
 * fixed time after that beat was sent, so that an order which got stuck on its way can never run late. That of an exclusive
 * task is void as well when the lease that it carries, counted from the same moment, is over.
 */
import type { StartOrder } from "./event.ts";
import type { Turn } from "./turn.ts";

export type Validity =
  | { readonly kind: "void"; readonly reason: string }
  /** `sentAtMs`: when the beat that it answers was sent (steady clock). */
  | { readonly kind: "valid"; readonly sentAtMs: number };

export function validityOf(turn: Turn, coordinator: string, order: StartOrder): Validity {
  if (order.instanceId !== turn.state.instanceId) {
    return { kind: "void", reason: "void: the order was meant for an earlier process of this agent" };
  }
  const sentAtMs = whenSent(turn, coordinator, order.answersBeat);
  if (sentAtMs === undefined) {
    return { kind: "void", reason: `void: it answers beat ${order.answersBeat}, which is not known here` };
  }
  const reason = whyTooLate(order, turn.now.steadyMs - sentAtMs);
  return reason === null ? { kind: "valid", sentAtMs } : { kind: "void", reason };
}

function whyTooLate({ answersBeat, validForMs, leaseMs }: StartOrder, ageMs: number): string | null {
  const answers = `void: it answers beat ${answersBeat} of ${Math.round(ageMs)} ms ago`;
  if (ageMs > validForMs) return `${answers}, and was good for ${validForMs} ms`;
  return leaseMs > 0 && ageMs >= leaseMs ? `${answers}, and its lease was one of ${leaseMs} ms` : null;
}

/**
 * Beat 0 is the link's first Hello, and is answered until the first beat was heard. A later Hello must not count: an order may
 * have got stuck behind what asked for it.
 */
function whenSent(turn: Turn, coordinator: string, beat: number): number | undefined {
  return beat === 0 ? turn.state.links.get(coordinator)?.helloAtMs : turn.state.beatsAtMs.get(beat);
}
