/**
 * Everything that can happen to the agent's core.
 *
 * `coordinator` names the link over which something came: the address of a coordinator in the configuration.
 */
import type { StartOrder__Output } from "@holdfast/shared/contract/generated/holdfast/v1/StartOrder.ts";
import type { AttemptEnd, AttemptId, Limits, Usage } from "./attempt.ts";

/** The two clocks, read once for each turn. */
export interface Now {
  /** Unix time, for what is stored or shown. */
  readonly wallMs: number;
  /** A clock of this machine that never jumps and runs on through suspend. */
  readonly steadyMs: number;
}

export interface StartOrder extends AttemptId {
  readonly kind: "start";
  readonly limits: Limits;
  /** The beat that the leader had heard last; 0: the Hello before the first beat. */
  readonly answersBeat: number;
  /** The agent process that the beat came from. */
  readonly instanceId: string;
  /** How long after that beat was sent the order may be obeyed. */
  readonly validForMs: number;
  /** How long after that beat was sent its processes may run without a further grant; 0: it is not exclusive. */
  readonly leaseMs: number;
  /** What to run; the core hands it on. */
  readonly message: StartOrder__Output;
}

export interface StopOrder extends AttemptId {
  readonly kind: "stop";
  readonly reason: string;
}

export type Order = StartOrder | StopOrder;

/** How the processes ended, as their supervisor recorded it. */
export interface Ending {
  /** Not "": nothing was started, and why. */
  readonly startError: string;
  readonly exitCode: number | null;
  readonly signal: string;
  /** lease: it was exclusive, and its lease was not extended in time. */
  readonly stopCause: "none" | "stop" | "timeout" | "lease";
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly usage: Usage;
}

/** What an attempt's folder says about it. */
export type FolderState =
  /** The agent itself has decided how it ended: it was buried, or its supervisor is no more. */
  | { readonly kind: "decided"; readonly end: AttemptEnd }
  | { readonly kind: "ended"; readonly ending: Ending }
  /** Its supervisor lives but has started nothing yet. */
  | { readonly kind: "starting" }
  | { readonly kind: "running"; readonly startedAtMs: number }
  /** No end is recorded, and its supervisor is gone though the machine has not restarted since. */
  | { readonly kind: "gone"; readonly startedAtMs: number }
  /** No end is recorded, and the machine has restarted since. */
  | { readonly kind: "otherBoot"; readonly startedAtMs: number };

export interface FoundAttempt {
  readonly id: AttemptId;
  readonly limits: Limits;
  /** As its folder has it, on the steady clock; null: it is not exclusive. */
  readonly leaseUntilMs: number | null;
  readonly folder: FolderState;
}

/** The leader lets exclusive attempts run on. */
export interface LeaseGrantEvent {
  readonly kind: "leaseGrant";
  readonly coordinator: string;
  readonly epoch: number;
  readonly answersBeat: number;
  /** The agent process that the beat came from. */
  readonly instanceId: string;
  /** From when that beat was sent. */
  readonly leaseMs: number;
  readonly attempts: readonly AttemptId[];
}

export type AgentEvent =
  /** The first of all: what an earlier process left on this node that is not acknowledged. */
  | { readonly kind: "recovered"; readonly highestEpoch: number; readonly attempts: readonly FoundAttempt[] }
  /** A stream to the coordinator is open; it is owed a Hello. */
  | { readonly kind: "linkUp"; readonly coordinator: string }
  | { readonly kind: "linkDown"; readonly coordinator: string }
  /** `leadingEpoch` 0: it does not lead. */
  | { readonly kind: "welcome"; readonly coordinator: string; readonly leadingEpoch: number }
  /** It leads, and asks for a Hello that names `inquiry`. */
  | { readonly kind: "leading"; readonly coordinator: string; readonly epoch: number; readonly inquiry: number }
  | {
      readonly kind: "orders";
      readonly coordinator: string;
      readonly epoch: number;
      readonly orders: readonly Order[];
    }
  | {
      readonly kind: "acknowledgements";
      readonly coordinator: string;
      readonly epoch: number;
      readonly attempts: readonly AttemptId[];
    }
  | LeaseGrantEvent
  | { readonly kind: "beatDue" }
  /** Comes every second or so; deadlines and repeats are looked at then. */
  | { readonly kind: "tick" }
  | { readonly kind: "started"; readonly id: AttemptId; readonly startedAtMs: number }
  | { readonly kind: "ended"; readonly id: AttemptId; readonly ending: Ending }
  /** No folder was made. `order`: the order cannot be carried out as it stands on any such node; `node`: not on this one. */
  | { readonly kind: "notStarted"; readonly id: AttemptId; readonly fault: "order" | "node"; readonly reason: string }
  /** The answer to a burial: its folder stands. */
  | { readonly kind: "buried"; readonly id: AttemptId; readonly end: AttemptEnd }
  /** A folder was there already when one was to be made. */
  | { readonly kind: "exists"; readonly found: FoundAttempt }
  /** The supervisor ended without having recorded an end. */
  | { readonly kind: "gone"; readonly id: AttemptId }
  /** The answer to `killLeftovers`: none of its processes is left. */
  | { readonly kind: "swept"; readonly id: AttemptId }
  | { readonly kind: "shutdown"; readonly returning: boolean; readonly reason: string };
