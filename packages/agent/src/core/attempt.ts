/**
 * An attempt as this node knows it: one placement of a task here, from the order to the acknowledged end.
 *
 *   burying    a folder is being made that says "this will never run here"; what it holds is told when it stands
 *   starting   handed to the launcher; no process is known yet
 *   running    its process was started
 *   stopping   asked to stop; ends when none of its processes is left
 *   sweeping   its supervisor is gone and will record no end; what it left is killed, and the end told when nothing is left
 *   ended      told to the leader until acknowledged, then forgotten here (its folder remembers)
 */

export interface AttemptId {
  readonly taskId: string;
  /** From 1. */
  readonly attempt: number;
}

/** Also the name of its folder. */
export function keyOf({ taskId, attempt }: AttemptId): string {
  return `${taskId}.${attempt}`;
}

/**
 * `lost`: through no fault of its own, with the machine that it ran on. `refused`: it was not started here, and may be
 * elsewhere.
 */
export type EndState = "succeeded" | "failed" | "timedOut" | "cancelled" | "refused" | "lost";

export interface Usage {
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
  readonly maxResidentBytes: number;
  readonly outputBytes: number;
}

/** How an attempt ended, as the leader is told. Times are Unix milliseconds, 0 where there is none. */
export interface AttemptEnd {
  readonly state: EndState;
  /** For a person; "" when it succeeded. */
  readonly reason: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly exitCode: number | null;
  /** Such as "SIGKILL"; "" when no signal ended it. */
  readonly signal: string;
  readonly usage: Usage | null;
}

/** What the attempt's order allows it. */
export interface Limits {
  /** From its start; 0: none. */
  readonly timeoutMs: number;
  /** From the stop signal to SIGKILL. */
  readonly stopGraceMs: number;
}

export interface Stopping {
  readonly reason: string;
  /** On the steady clock: when it should long have ended, and is killed by force. */
  readonly overdueAtMs: number;
}

export type Phase =
  /** `stopReason`: an order to stop it was the cause. */
  | { readonly kind: "burying"; readonly stopReason: string | null }
  | { readonly kind: "starting"; readonly stopReason: string | null }
  /** `deadlineMs` on the steady clock; Infinity: none. */
  | { readonly kind: "running"; readonly startedAtMs: number; readonly deadlineMs: number }
  | { readonly kind: "stopping"; readonly startedAtMs: number; readonly stopping: Stopping }
  | { readonly kind: "sweeping"; readonly end: AttemptEnd }
  | { readonly kind: "ended"; readonly end: AttemptEnd };

export interface Attempt {
  readonly id: AttemptId;
  readonly limits: Limits;
  /** Of an exclusive one, on the steady clock: when its lease ends, as far as is known here. null: none is known. */
  leaseUntilMs: number | null;
  phase: Phase;
  /** To which coordinator its present phase was told, and when (steady clock); null: to none. */
  told: { readonly coordinator: string; readonly atMs: number } | null;
}

/** What a coordinator is told of an attempt. */
export interface AttemptReport extends AttemptId {
  readonly state: "starting" | "running" | "stopping" | EndState;
  readonly reason: string;
  readonly startedAtMs: number;
  readonly end: AttemptEnd | null;
}

/** null: nothing can be said of it yet. */
export function reportOf({ id, phase }: Attempt): AttemptReport | null {
  switch (phase.kind) {
    case "burying":
      return null;
    case "starting":
      return phase.stopReason === null
        ? { ...id, state: "starting", reason: "", startedAtMs: 0, end: null }
        : { ...id, state: "stopping", reason: phase.stopReason, startedAtMs: 0, end: null };
    case "running":
      return { ...id, state: "running", reason: "", startedAtMs: phase.startedAtMs, end: null };
    case "stopping": {
      const { startedAtMs, stopping } = phase;
      return { ...id, state: "stopping", reason: stopping.reason, startedAtMs, end: null };
    }
    case "sweeping": {
      const { reason, startedAtMs } = phase.end;
      return { ...id, state: "stopping", reason, startedAtMs, end: null };
    }
    case "ended": {
      const { end } = phase;
      return { ...id, state: end.state, reason: end.reason, startedAtMs: end.startedAtMs, end };
    }
  }
}
