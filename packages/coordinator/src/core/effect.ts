/**
 * Everything that the core can cause outside. An effect leaves only after the commit of the batch that it belongs to;
 * each can be derived again from committed state, and its receiver makes repeats harmless.
 */
import type { ErrorCode, FieldViolation } from "@holdfast/shared/errors.ts";
import type { WriteAnswer } from "./event.ts";
import type { StopCause } from "./record.ts";

export interface StartEffect {
  readonly kind: "start";
  readonly nodeId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly namespace: string;
  /** TaskSpec as JSON text. */
  readonly body: string;
  readonly devices: Readonly<Record<string, readonly number[]>>;
  /** Of an exclusive task: how long its processes may run after the beat that the order answers. 0: it is not exclusive. */
  readonly leaseMs: number;
}

export interface StopEffect {
  readonly kind: "stop";
  readonly nodeId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly cause: StopCause;
  readonly reason: string;
}

/**
 * Lets exclusive attempts run on, until `leaseMs` after the beat that it answers was sent. Leaves only while the leader's own
 * lease holds.
 */
export interface GrantEffect {
  readonly kind: "grant";
  readonly nodeId: string;
  readonly attempts: readonly { readonly taskId: string; readonly attempt: number }[];
  readonly leaseMs: number;
}

export type CoordinatorEffect =
  | StartEffect
  | StopEffect
  | GrantEffect
  /** The report is durable: the agent may forget it. */
  | { readonly kind: "acknowledge"; readonly nodeId: string; readonly taskId: string; readonly attempt: number }
  /** Ask an agent to say Hello again: everything that it runs, and every end that it still holds. */
  | { readonly kind: "inquire"; readonly nodeId: string }
  /** Tell every agent that this coordinator leads now; each answers with a Hello. */
  | { readonly kind: "announce" }
  | { readonly kind: "answer"; readonly callId: number; readonly answer: WriteAnswer }
  | {
      readonly kind: "refuse";
      readonly callId: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly fields: readonly FieldViolation[];
    }
  /** For the log of this process: something an operator should see without asking. */
  | { readonly kind: "log"; readonly level: "info" | "warn"; readonly message: string }
  /** All of an orphan is durable in the log: whoever holds it may drop it. */
  | { readonly kind: "merged"; readonly orphanId: string; readonly origin: string }
  /** Give the leadership up. */
  | { readonly kind: "resign"; readonly reason: string };
