/**
 * One attempt's processes with their supervisor: ends by itself, by an order, by its timeout or when its lease is over,
 * whatever has become of the agent.
 */
import type { AttemptId, Limits } from "@holdfast/agent/core/attempt.ts";
import type { Ending } from "@holdfast/agent/core/event.ts";
import type { Timer } from "@holdfast/shared/clock.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { Random } from "../random.ts";
import type { TaskProgram } from "./task-program.ts";

export type StopCause = Ending["stopCause"];

export interface AttemptEnded {
  readonly exitCode: number | null;
  readonly signal: string;
  readonly stopCause: StopCause;
}

export interface SupervisedParts {
  readonly id: AttemptId;
  readonly limits: Limits;
  readonly program: TaskProgram;
  /** On the steady clock; null: not exclusive. */
  readonly leaseUntilMs: number | null;
  /** Gate and clock of everything that runs on this node besides the agent. */
  readonly process: SimulatedProcess;
  readonly random: Random;
  /** Nothing of it is left. */
  readonly emptied: (end: AttemptEnded) => void;
}

/** How long a task takes to end when it is asked to, and a kernel to end a process that is killed. */
const gentleMs = 200;
const killMs = 20;

export class SupervisedAttempt {
  readonly id: AttemptId;
  readonly isExclusive: boolean;
  /** Its supervisor lives. */
  isSupervised = true;
  readonly #parts: SupervisedParts;
  #leaseUntilMs: number;
  #stopCause: StopCause = "none";
  #ends: Timer;
  #over = false;

  constructor(parts: SupervisedParts) {
    const { id, limits, program, leaseUntilMs, process } = parts;
    this.id = id;
    this.#parts = parts;
    this.isExclusive = leaseUntilMs !== null;
    this.#leaseUntilMs = leaseUntilMs ?? Number.POSITIVE_INFINITY;
    this.#ends = process.after(program.durationMs, () => this.#empty(program.exitCode, ""));
    if (limits.timeoutMs > 0) process.after(limits.timeoutMs, () => this.#supervise(() => this.stop("timeout")));
    if (this.isExclusive) this.#watchLease();
  }

  /** Never shortens it. */
  extendLease(untilMs: number): void {
    if (this.isExclusive) this.#leaseUntilMs = Math.max(this.#leaseUntilMs, untilMs);
  }

  /** The stop signal and, after the grace, SIGKILL. */
  stop(cause: StopCause): void {
    if (this.#stopCause !== "none" || this.#over) return;
    this.#stopCause = cause;
    const { program, limits, process, random } = this.#parts;
    if (program.stubborn) process.after(limits.stopGraceMs, () => this.#supervise(() => this.kill(cause)));
    else this.#endIn(random.fraction() * gentleMs, null, "SIGTERM");
  }

  kill(cause: StopCause): void {
    if (this.#stopCause === "none") this.#stopCause = cause;
    this.#endIn(this.#parts.random.fraction() * killMs, null, "SIGKILL");
  }

  /** Its supervisor was killed. An exclusive task is tied to it and dies with it; others go on, unrecorded. */
  loseSupervisor(): void {
    this.isSupervised = false;
    if (this.isExclusive) this.#endIn(0, null, "SIGKILL");
  }

  #watchLease(): void {
    const { process } = this.#parts;
    const leftMs = this.#leaseUntilMs - process.now().steadyMs;
    process.after(Math.max(0, leftMs), () =>
      this.#supervise(() => {
        if (process.now().steadyMs < this.#leaseUntilMs) this.#watchLease();
        else this.stop("lease");
      }),
    );
  }

  #supervise(act: () => void): void {
    if (this.isSupervised && !this.#over) act();
  }

  #endIn(ms: number, exitCode: number | null, signal: string): void {
    this.#ends.cancel();
    this.#ends = this.#parts.process.after(ms, () => this.#empty(exitCode, signal));
  }

  #empty(exitCode: number | null, signal: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#parts.emptied({ exitCode, signal, stopCause: this.#stopCause });
  }
}
