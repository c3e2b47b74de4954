/**
 * The loop around the core: decide what waited → write → do. All events that gathered while the last records were being
 * written make the next batch, and nothing is done or told before the records of its batch are on disk.
 */
import type { Clock } from "@holdfast/shared/clock.ts";
import { coalesce } from "../core/coalesce.ts";
import { type Decision, decide } from "../core/decide.ts";
import type { AgentEffect } from "../core/effect.ts";
import type { AgentEvent, Now } from "../core/event.ts";
import type { AgentRecord } from "../core/record.ts";
import type { AgentState } from "../core/state.ts";

/** Told every decision, before anything of it is written or done. */
export type Observer = (state: AgentState, event: AgentEvent, decision: Decision, now: Now) => void;

export interface LoopPorts {
  readonly clock: Clock;
  /** Resolves when the records are durable; does not give up. */
  write(records: readonly AgentRecord[]): Promise<void>;
  /** Must not throw: what comes of it comes back as an event. */
  perform(effect: AgentEffect): void;
  /** A defect: the state can no longer be trusted, and nothing more is decided. */
  failed(error: unknown): void;
  readonly observe?: Observer;
}

/** With so many attempts at once, batches come no faster than this. */
const busyAttempts = 8;
const busyPaceMs = 5;

export class Loop {
  readonly #state: AgentState;
  readonly #ports: LoopPorts;
  #waiting: AgentEvent[] = [];
  #turning: Promise<void> | null = null;
  #failed = false;
  #lastTurnMs = Number.NEGATIVE_INFINITY;

  constructor(state: AgentState, ports: LoopPorts) {
    this.#state = state;
    this.#ports = ports;
  }

  push(event: AgentEvent): void {
    if (this.#failed) return;
    this.#waiting.push(event);
    this.#turning ??= this.#pause().then(() => this.#turn());
  }

  /**
   * Until the callbacks that are due have run, so that what arrived together is decided together. While much is going on,
   * until the pace allows: each batch costs a message here and a commit at the leader, and with many attempts nobody waits
   * for a single one.
   */
  #pause(): Promise<void> {
    const { clock } = this.#ports;
    const sinceLastMs = clock.now().steadyMs - this.#lastTurnMs;
    const busy = this.#state.attempts.size >= busyAttempts && sinceLastMs < busyPaceMs;
    return new Promise((resolve) => {
      if (busy) clock.after(busyPaceMs - sinceLastMs, resolve);
      else clock.soon(resolve);
    });
  }

  /** Resolves when everything that was pushed so far has been decided, written and done. */
  async settled(): Promise<void> {
    while (this.#turning !== null) await this.#turning;
  }

  async #turn(): Promise<void> {
    try {
      while (this.#waiting.length > 0) await this.#batch();
      this.#lastTurnMs = this.#ports.clock.now().steadyMs;
    } catch (error) {
      this.#failed = true;
      this.#ports.failed(error);
    } finally {
      this.#turning = null;
    }
  }

  async #batch(): Promise<void> {
    const events = this.#waiting;
    this.#waiting = [];
    const now = this.#ports.clock.now();
    const records: AgentRecord[] = [];
    const effects: AgentEffect[] = [];
    for (const event of events) {
      const decision = decide(this.#state, event, now);
      this.#ports.observe?.(this.#state, event, decision, now);
      records.push(...decision.records);
      effects.push(...decision.effects);
    }
    if (records.length > 0) await this.#ports.write(records);
    for (const effect of coalesce(effects)) this.#ports.perform(effect);
  }
}
