/**
 * Looks after attempts whose hints may have got lost: a supervisor that died while the agent was away, an end that was told
 * while nobody listened, a start that the launcher never answered.
 */
import type { Clock } from "@holdfast/shared/clock.ts";
import { type Attempt, type AttemptId, keyOf } from "../core/attempt.ts";
import { endWithoutProcess } from "../core/ending.ts";
import type { AgentState } from "../core/state.ts";
import type { Host } from "./host.ts";

const atOnce = 32;

export class Lookout {
  readonly #state: AgentState;
  readonly #host: Host;
  readonly #clock: Clock;
  /** Those that were being started at the look before, in this same phase. */
  #startingBefore = new Map<string, Attempt["phase"]>();
  #looking = false;

  constructor(state: AgentState, host: Host, clock: Clock) {
    this.#state = state;
    this.#host = host;
    this.#clock = clock;
  }

  /** Call every few seconds. Does nothing while an earlier look is still under way. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const running: AttemptId[] = [];
      const starting = new Map<string, Attempt["phase"]>();
      const stuck: AttemptId[] = [];
      for (const { id, phase } of this.#state.attempts.values()) {
        if (phase.kind === "running" || phase.kind === "stopping") running.push(id);
        if (phase.kind !== "starting") continue;
        starting.set(keyOf(id), phase);
        if (this.#startingBefore.get(keyOf(id)) === phase) stuck.push(id);
      }
      this.#startingBefore = starting;
      for (let at = 0; at < running.length; at += atOnce) {
        await Promise.all(running.slice(at, at + atOnce).map((id) => this.#host.look(id)));
      }
      for (const id of stuck) this.#settle(id);
    } finally {
      this.#looking = false;
    }
  }

  /** Whoever makes the folder decides: if the launcher has not by now, it will not any more. */
  #settle(id: AttemptId): void {
    const reason = "the launcher of this node did not start it";
    this.#host.bury(id, { ...endWithoutProcess(this.#clock.now().wallMs), state: "refused", reason });
  }
}
