/** What the leader wants started and stopped here. Every order may come twice, late, and after its opposite. */
import type { Attempt, AttemptEnd, AttemptId } from "./attempt.ts";
import { endWithoutProcess } from "./ending.ts";
import type { Order, StartOrder, StopOrder } from "./event.ts";
import { firstLease } from "./leases.ts";
import { follow } from "./links.ts";
import { report } from "./reporting.ts";
import { beginStop } from "./stopping.ts";
import type { Turn } from "./turn.ts";
import { validityOf } from "./validity.ts";

export function obey(turn: Turn, coordinator: string, epoch: number, orders: readonly Order[]): void {
  if (!follow(turn, coordinator, epoch)) return;
  const met: Attempt[] = [];
  for (const order of orders) {
    const attempt = order.kind === "start" ? start(turn, coordinator, order) : stop(turn, order);
    if (attempt !== null) met.push(attempt);
  }
  report(turn, met);
}

/**
 * The attempt, if there is something to tell about it at once. A start that succeeds is told with its process; one that
 * takes long is told by the next tick.
 */
function start(turn: Turn, coordinator: string, order: StartOrder): Attempt | null {
  const known = turn.find(order);
  if (known !== undefined) return known;
  const validity = validityOf(turn, coordinator, order);
  if (validity.kind === "void") return refuse(turn, order, validity.reason);
  if (turn.state.leaving) return refuse(turn, order, "the agent is about to stop");
  const leaseUntilMs = firstLease(order, validity.sentAtMs);
  turn.add(order, order.limits, leaseUntilMs, { kind: "starting", stopReason: null });
  turn.tell({ kind: "launch", order, fence: `${turn.state.highestEpoch}.${order.attempt}`, leaseUntilMs });
  return null;
}

function refuse(turn: Turn, order: StartOrder, reason: string): null {
  turn.warn(`attempt ${order.attempt} of ${order.taskId} is not started: ${reason}`);
  return bury(turn, order, { state: "refused", reason }, null);
}

function stop(turn: Turn, order: StopOrder): Attempt | null {
  const known = turn.find(order);
  const reason = order.reason || "stopped on the leader's order";
  if (known === undefined) {
    return bury(turn, order, { state: "cancelled", reason: "stopped before it started" }, reason);
  }
  beginStop(turn, known, reason);
  return known;
}

const neverRan = { timeoutMs: 0, stopGraceMs: 0 };

/** Told only when the folder that proves it stands. */
function bury(
  turn: Turn,
  id: AttemptId,
  verdict: Pick<AttemptEnd, "state" | "reason">,
  stopReason: string | null,
): null {
  const attempt = turn.add(id, neverRan, null, { kind: "burying", stopReason });
  turn.tell({ kind: "bury", id: attempt.id, end: { ...endWithoutProcess(turn.now.wallMs), ...verdict } });
  return null;
}
