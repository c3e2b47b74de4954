/**
 * Leases of exclusive attempts. The leader gives them by beats that it has heard: each lets an attempt's processes run until a
 * fixed time after that beat was *sent*, so that whatever a message may spend on its way comes off the lease. The supervisor
 * enforces the end; the core passes on what extends it, and knows it to say so.
 */
import type { Attempt } from "./attempt.ts";
import type { LeaseGrantEvent, StartOrder } from "./event.ts";
import { follow } from "./links.ts";
import type { Turn } from "./turn.ts";

export const leaseOverReason = "its lease ran out: no leader extended it in time";

/** When the first lease of an attempt ends; null: it is not exclusive. @param sentAtMs of the beat that its order answers */
export function firstLease({ leaseMs }: StartOrder, sentAtMs: number): number | null {
  return leaseMs > 0 ? sentAtMs + leaseMs : null;
}

/**
 * Beats are this process's own: a grant that was meant for an earlier one, or that answers a beat which is no longer known,
 * is of the past. Nothing is granted for beat 0, the Hello: the leader may have heard another one than this link's.
 */
export function extendLeases(turn: Turn, grant: LeaseGrantEvent): void {
  if (!follow(turn, grant.coordinator, grant.epoch)) return;
  if (grant.instanceId !== turn.state.instanceId) return;
  const sentAtMs = turn.state.beatsAtMs.get(grant.answersBeat);
  if (sentAtMs === undefined) return;
  for (const id of grant.attempts) {
    const attempt = turn.find(id);
    if (attempt !== undefined) extend(turn, attempt, sentAtMs + grant.leaseMs);
  }
}

/** Never shortens, and never what is over: its supervisor is stopping it already, or is no more. */
function extend(turn: Turn, attempt: Attempt, untilMs: number): void {
  const { phase, leaseUntilMs } = attempt;
  const isOver = phase.kind === "sweeping" || phase.kind === "ended" || isLeaseOver(turn, attempt);
  if (phase.kind === "burying" || isOver || (leaseUntilMs !== null && untilMs <= leaseUntilMs)) return;
  attempt.leaseUntilMs = untilMs;
  turn.tell({ kind: "extendLease", id: attempt.id, untilMs });
}

export function isLeaseOver(turn: Turn, { leaseUntilMs }: Attempt): boolean {
  return leaseUntilMs !== null && turn.now.steadyMs >= leaseUntilMs;
}
