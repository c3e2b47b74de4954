/**
 * The two clocks of this machine.
 *
 * Leases and silences are counted on CLOCK_BOOTTIME, which never jumps and runs on while the machine sleeps; Node's own
 * monotonic clock stands still then (nodejs/node#47724). /proc/uptime shows it, in steps of 10 ms, so the monotonic clock
 * gives the fine part and the difference of both, looked at often, the time that was slept.
 */
import { openSync, readSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

export interface ClockReading {
  /** Unix time. */
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** Below this the difference of both clocks is the coarseness of /proc/uptime. */
const sleptAtLeastMs = 50;
const lookEveryMs = 5;
/** What a busy machine may take between two readings. */
const sameClockWithinMs = 5_000;

const uptimeFile = openUptime();
const buffer = Buffer.alloc(64);
let sleptMs = 0;
let lookedAtMs = Number.NEGATIVE_INFINITY;
const differenceAtStartMs = bootMs() - performance.now();
/** Of CLOCK_BOOTTIME from what /proc/uptime shows: a container may show an uptime of its own there. */
let uptimeErrorMs = 0;

/** Reads both clocks; cheap. */
function readClock(): ClockReading {
  return { wallMs: Date.now(), steadyMs: performance.now() + sleptMs };
}

/**
 * The same, after a look at whether the machine has slept: for decisions that a lease hangs on. Looks once in 5 ms of being
 * awake, since a look costs a system call.
 */
function readClockThroughSleep(): ClockReading {
  if (performance.now() - lookedAtMs < lookEveryMs) return readClock();
  lookedAtMs = performance.now();
  const driftMs = bootMs() - performance.now() - differenceAtStartMs;
  if (driftMs - sleptMs > sleptAtLeastMs) sleptMs = driftMs;
  return readClock();
}

/**
 * A reading of the steady clock as CLOCK_BOOTTIME, in whole milliseconds and never later than that moment really was: for
 * deadlines that another process enforces. What /proc/uptime shows is cut down and read before the monotonic clock, so the
 * difference at the start is too small rather than too large, and so is each one that brought a sleep to light.
 */
export function bootTimeAtMost(steadyMs: number): number {
  return Math.max(0, Math.floor(steadyMs + differenceAtStartMs + uptimeErrorMs));
}

/** The inverse: what the steady clock shows at a time of CLOCK_BOOTTIME. */
export function steadyTimeOfBoot(bootTimeMs: number): number {
  return bootTimeMs - differenceAtStartMs - uptimeErrorMs;
}

/**
 * Goes by another process's reading of CLOCK_BOOTTIME from now on, where that and /proc/uptime are not the same clock. The
 * reading was taken before this call, so that what it gives is still never too late.
 * @returns how far they are apart; 0 when they are the same
 */
export function alignBootTime(readingMs: number): number {
  const differenceMs = readingMs - (readClockThroughSleep().steadyMs + differenceAtStartMs);
  uptimeErrorMs = Math.abs(differenceMs) < sameClockWithinMs ? 0 : differenceMs;
  return uptimeErrorMs;
}

function bootMs(): number {
  if (uptimeFile === null) return performance.now();
  const length = readSync(uptimeFile, buffer, 0, buffer.length, 0);
  return Number.parseFloat(buffer.toString("latin1", 0, length)) * 1_000;
}

/** Null where there is no /proc: the monotonic clock must do. */
function openUptime(): number | null {
  try {
    return openSync("/proc/uptime", "r");
  } catch {
    return null;
  }
}

/** A timer that was set. */
export interface Timer {
  /** Harmless when it has fired already. */
  cancel(): void;
}

/** Time as a port: production has this machine's, a simulation its own. */
export interface Clock {
  /** Also looks at whether the machine has slept. */
  now(): ClockReading;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `act` once, after `ms`. */
  after(ms: number, act: () => void): Timer;
  /** Calls `act` again and again, the first time after `ms`. */
  every(ms: number, act: () => void): Timer;
  /** Calls `act` when the callbacks that are due already have run. */
  soon(act: () => void): void;
}

export const systemClock: Clock = {
  now: readClockThroughSleep,
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  },
  after(ms, act) {
    const timer = setTimeout(act, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  every(ms, act) {
    const timer = setInterval(act, ms);
    return { cancel: () => clearInterval(timer) };
  },
  soon: (act) => void setImmediate(act),
};
