/**
 * Keeps one node free for a task that no node has room for and that has waited long: small tasks would otherwise fill
 * every gap before it is large enough.
 */
import type { TaskRecord } from "../record.ts";
import type { Shape } from "../state/waiting-queue.ts";
import type { Turn } from "../turn.ts";
import { isOpen, offersEnough, satisfies } from "./fit.ts";

/** Whether a task may be placed on a node: not if that is kept free for another. */
export function mayUse(turn: Turn, nodeId: string, taskId: string): boolean {
  const reservation = turn.observation.reservation;
  return reservation === null || reservation.nodeId !== nodeId || reservation.taskId === taskId;
}

export function reserveFor(turn: Turn, shape: Shape, task: TaskRecord): void {
  const { observation, settings } = turn;
  if (observation.reservation !== null || turn.now.wallMs - task.submittedAtMs < settings.reserveAfterMs) return;
  let nodeId: string | null = null;
  let leastPromised = Number.POSITIVE_INFINITY;
  for (const slot of turn.state.slots.all) {
    const node = slot.record;
    if (node === null || !isOpen(node) || observation.suspects.has(node.id)) continue;
    if (!satisfies(node, shape.constraints) || !offersEnough(node, shape.resources)) continue;
    const promised = slot.cpuMillis / Math.max(1, node.inventory.allocatable.cpuMillis);
    if (promised >= leastPromised) continue;
    leastPromised = promised;
    nodeId = node.id;
  }
  observation.reservation = nodeId === null ? null : { taskId: task.id, nodeId };
}

/**
 * Once its task waits no longer, or its node takes none. The others were kept from that node, and shapes are blocked for
 * it: to them it has gained room.
 */
export function endUnneededReservation(turn: Turn): void {
  const { observation, state } = turn;
  const { reservation } = observation;
  if (reservation === null) return;
  const task = state.tasks.get(reservation.taskId);
  const node = state.nodes.get(reservation.nodeId);
  if (task?.state === "pending" && !task.held && node !== undefined && isOpen(node)) return;
  observation.reservation = null;
  state.slots.gained.add(reservation.nodeId);
}
