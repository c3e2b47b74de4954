/**
 * Messages of a coordinator as events of the core. Identities become names of folders here, so nothing else than what the
 * leader makes is let through.
 */
import type { AttemptId as WireId } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptId.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { Order__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Order.ts";
import type { TaskSpec__Output } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import type { AttemptId, Limits } from "../core/attempt.ts";
import type { AgentEvent, Order } from "../core/event.ts";

const taskIdPattern = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,126}[A-Za-z0-9])?$/;
const attemptMax = 1_000_000;
const defaultStopGraceMs = 10_000;
/**
 * Above all that coordinators make, with room to spare, and below what a number holds exactly: an epoch that nobody could
 * outbid would have to be refused by this node for ever, once it was met.
 */
const maxEpoch = 9e15;

/** null: nothing that the core decides about. @param refuse is told what was left out, and why */
export function eventOf(
  coordinator: string,
  message: CoordinatorMessage__Output,
  refuse: (what: string) => void,
): AgentEvent | null {
  if (epochOf(message) > maxEpoch) {
    refuse(`a message of epoch ${epochOf(message)}, which no coordinator can lead with`);
    return null;
  }
  switch (message.content) {
    case "welcome":
      return { kind: "welcome", coordinator, leadingEpoch: message.welcome?.leadingEpoch ?? 0 };
    case "leading":
      return {
        kind: "leading",
        coordinator,
        epoch: message.leading?.epoch ?? 0,
        inquiry: message.leading?.inquiry ?? 0,
      };
    case "orders": {
      const orders: Order[] = [];
      for (const wire of message.orders?.orders ?? []) {
        const order = orderOf(wire);
        if (order === null) refuse("an order without a valid task id and attempt");
        else orders.push(order);
      }
      return { kind: "orders", coordinator, epoch: message.orders?.epoch ?? 0, orders };
    }
    case "acknowledgements": {
      const { epoch = 0, attempts } = message.acknowledgements ?? {};
      return { kind: "acknowledgements", coordinator, epoch, attempts: attemptIdsOf(attempts) };
    }
    case "leaseGrant": {
      const { epoch = 0, answersBeat = 0, instanceId = "", leaseMs = 0, attempts } = message.leaseGrant ?? {};
      const grant = { epoch, answersBeat, instanceId, leaseMs, attempts: attemptIdsOf(attempts) };
      return { kind: "leaseGrant", coordinator, ...grant };
    }
    default:
      return null;
  }
}

/** That it is sent in; 0: it names none. */
function epochOf({ welcome, leading, orders, acknowledgements, leaseGrant }: CoordinatorMessage__Output): number {
  return welcome?.leadingEpoch ?? (leading ?? orders ?? acknowledgements ?? leaseGrant)?.epoch ?? 0;
}

export function attemptIdOf({ taskId = "", attempt = 0 }: WireId): AttemptId | null {
  const valid = taskIdPattern.test(taskId) && Number.isInteger(attempt) && attempt >= 1 && attempt <= attemptMax;
  return valid ? { taskId, attempt } : null;
}

/** Those that are valid. */
function attemptIdsOf(wire: readonly WireId[] = []): readonly AttemptId[] {
  return wire.map(attemptIdOf).filter((id) => id !== null);
}

function limitsOf(spec: TaskSpec__Output | undefined): Limits {
  return { timeoutMs: spec?.timeoutMs ?? 0, stopGraceMs: spec?.stopGraceMs ?? defaultStopGraceMs };
}

function orderOf({ start, stop }: Order__Output): Order | null {
  if (stop != null) {
    const id = attemptIdOf(stop);
    return id && { kind: "stop", ...id, reason: stop.reason ?? "" };
  }
  if (start == null) return null;
  const id = attemptIdOf(start);
  return (
    id && {
      kind: "start",
      ...id,
      limits: limitsOf(start.spec),
      answersBeat: start.answersBeat ?? 0,
      instanceId: start.instanceId ?? "",
      validForMs: start.validForMs ?? 0,
      leaseMs: start.leaseMs ?? 0,
      message: start,
    }
  );
}
