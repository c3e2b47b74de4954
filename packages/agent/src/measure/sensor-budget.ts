/**
 * A budget of time and errors for each sensor, so that a sick part of the machine makes one figure missing instead of
 * the agent slow, or the kernel's log full.
 *
 * A sensor is `on` and collects strikes: one for each reading that failed or took too long; good readings slowly forgive
 * them. With too many it goes `off`, is not read at all for a while, and then gets one trial: a good reading switches it
 * on again, a bad one switches it off for twice as long, up to a limit.
 */

export interface SensorLimits {
  /** A reading that takes longer is a strike. */
  readonly slowAfterMs: number;
  /** A sensor with this many strikes goes off. */
  readonly strikesAllowed: number;
  /** How much of a strike one good reading forgives. */
  readonly forgivenByGood: number;
  readonly retryAfterMs: number;
  readonly retryAfterMaxMs: number;
}

export const defaultSensorLimits: SensorLimits = {
  slowAfterMs: 100,
  strikesAllowed: 3,
  forgivenByGood: 0.2,
  retryAfterMs: 60_000,
  retryAfterMaxMs: 3_600_000,
};

export type SensorState =
  | { readonly kind: "on"; readonly strikes: number }
  | { readonly kind: "off"; readonly retryAtMs: number; readonly pauseMs: number; readonly reason: string };

export interface Reading {
  readonly tookMs: number;
  /** What went wrong; absent for a reading that gave a value. */
  readonly error?: string;
}

export const freshSensor: SensorState = { kind: "on", strikes: 0 };

/** Whether the sensor may be read now; an `off` one only for its trial. */
export function mayRead(state: SensorState, nowMs: number): boolean {
  return state.kind === "on" || nowMs >= state.retryAtMs;
}

/** The state after a reading that `mayRead` allowed and that ended at `nowMs`. */
export function afterReading(state: SensorState, reading: Reading, nowMs: number, limits: SensorLimits): SensorState {
  const fault = faultOf(reading, limits);
  if (fault === undefined) {
    return { kind: "on", strikes: state.kind === "on" ? Math.max(0, state.strikes - limits.forgivenByGood) : 0 };
  }
  if (state.kind === "off") {
    const pauseMs = Math.min(limits.retryAfterMaxMs, state.pauseMs * 2);
    return { kind: "off", retryAtMs: nowMs + pauseMs, pauseMs, reason: fault };
  }
  const strikes = state.strikes + 1;
  if (strikes < limits.strikesAllowed) return { kind: "on", strikes };
  return { kind: "off", retryAtMs: nowMs + limits.retryAfterMs, pauseMs: limits.retryAfterMs, reason: fault };
}

function faultOf(reading: Reading, limits: SensorLimits): string | undefined {
  if (reading.error !== undefined) return reading.error;
  if (reading.tookMs <= limits.slowAfterMs) return undefined;
  return `took ${Math.round(reading.tookMs)} ms, more than the ${limits.slowAfterMs} ms allowed`;
}

/** A sensor went off, or on again. */
export interface SensorChange {
  readonly sensor: string;
  readonly state: "on" | "off";
  /** Why it is off; empty for `on`. */
  readonly reason: string;
  /** Until the next trial; 0 for `on`. */
  readonly retryAfterMs: number;
}

export interface SensorOptions {
  readonly limits: SensorLimits;
  /** A clock that never goes back. */
  readonly monotonicMs: () => number;
  readonly onChange: (change: SensorChange) => void;
}

/** One sensor's budget with the clock around it. */
export class SensorBudget {
  readonly #sensor: string;
  readonly #options: SensorOptions;
  #state: SensorState = freshSensor;

  constructor(sensor: string, options: SensorOptions) {
    this.#sensor = sensor;
    this.#options = options;
  }

  allowed(): boolean {
    return mayRead(this.#state, this.#options.monotonicMs());
  }

  settle(reading: Reading): void {
    const before = this.#state;
    const nowMs = this.#options.monotonicMs();
    const after = afterReading(before, reading, nowMs, this.#options.limits);
    this.#state = after;
    if (after.kind === before.kind) return;
    const off = after.kind === "off" ? { reason: after.reason, retryAfterMs: after.pauseMs } : undefined;
    this.#options.onChange({ sensor: this.#sensor, state: after.kind, ...(off ?? { reason: "", retryAfterMs: 0 }) });
  }

  /** What `read` gives, or undefined when the sensor is off or the reading fails. */
  read<T>(read: () => T): T | undefined {
    if (!this.allowed()) return undefined;
    const startedMs = this.#options.monotonicMs();
    try {
      const value = read();
      this.settle({ tookMs: this.#options.monotonicMs() - startedMs });
      return value;
    } catch (error) {
      this.settle({ tookMs: this.#options.monotonicMs() - startedMs, error: messageOf(error) });
      return undefined;
    }
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
