/** From the leader's order to what the launcher is told. */
import { constants } from "node:os";
import { keyOf } from "../core/attempt.ts";
import type { StartOrder } from "../core/event.ts";
import type { StartRequest } from "../process/start-frame.ts";
import type { ResolvedUser } from "../process/user.ts";
import { type StoredOrder, textOfOrder } from "./stored-order.ts";
import { taskEnvironment } from "./task-environment.ts";

export interface StartContext {
  readonly fence: string;
  readonly nodeId: string;
  readonly folder: string;
  readonly user: ResolvedUser | null;
  readonly cgroupProcs: readonly string[];
  /** null: it is not exclusive. */
  readonly leaseUntilBootMs: number | null;
}

const defaultOutputLimitBytes = 16 * 1024 * 1024;
const nothing = Buffer.alloc(0);

/** @throws Error with a reason for a person when the order asks for what there is not */
export function startRequest(order: StartOrder, context: StartContext): StartRequest {
  const { fence, nodeId, folder, user, cgroupProcs, leaseUntilBootMs } = context;
  const { message, limits } = order;
  const spec = message.spec ?? {};
  const home = user?.home ?? null;
  const stored: StoredOrder = { taskId: order.taskId, attempt: order.attempt, fence, ...limits };
  return {
    key: keyOf(order),
    folder,
    argv: spec.argv ?? [],
    environment: taskEnvironment({ order: message, nodeId, fence, home, agentEnvironment: process.env }),
    workingDirectory: spec.workingDirectory ?? "",
    standardInput: spec.standardInput ?? nothing,
    script: spec.script ?? nothing,
    user,
    outputLimitBytes: spec.outputLimitBytes || defaultOutputLimitBytes,
    timeoutMs: limits.timeoutMs,
    stopSignal: signalNumber(spec.stopSignal || "SIGTERM"),
    stopGraceMs: limits.stopGraceMs,
    cgroupProcs,
    leaseUntilBootMs,
    order: textOfOrder(stored),
  };
}

function signalNumber(name: string): number {
  const number = (constants.signals as Readonly<Record<string, number | undefined>>)[name];
  if (number === undefined) throw new Error(`stopSignal: there is no signal "${name}" on this node`);
  return number;
}
