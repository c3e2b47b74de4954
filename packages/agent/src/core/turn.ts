/** One event being decided: gathers what is to be written and what is to be done after that. */
import { type Attempt, type AttemptId, keyOf, type Limits, type Phase } from "./attempt.ts";
import type { AgentEffect } from "./effect.ts";
import type { Now } from "./event.ts";
import type { AgentRecord } from "./record.ts";
import type { AgentState } from "./state.ts";

export class Turn {
  readonly state: AgentState;
  readonly now: Now;
  readonly records: AgentRecord[] = [];
  readonly effects: AgentEffect[] = [];

  constructor(state: AgentState, now: Now) {
    this.state = state;
    this.now = now;
  }

  put(record: AgentRecord): void {
    this.records.push(record);
  }

  tell(effect: AgentEffect): void {
    this.effects.push(effect);
  }

  warn(message: string): void {
    this.effects.push({ kind: "log", level: "warn", message });
  }

  find(id: AttemptId): Attempt | undefined {
    return this.state.attempts.get(keyOf(id));
  }

  add(id: AttemptId, limits: Limits, leaseUntilMs: number | null, phase: Phase): Attempt {
    const { taskId, attempt: number } = id;
    const attempt: Attempt = { id: { taskId, attempt: number }, limits, leaseUntilMs, phase, told: null };
    this.state.attempts.set(keyOf(id), attempt);
    return attempt;
  }

  enter(attempt: Attempt, phase: Phase): void {
    attempt.phase = phase;
    attempt.told = null;
  }
}
