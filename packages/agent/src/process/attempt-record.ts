/**
 * What stays on disk about an attempt: the file `record` in its folder. Its lines are JSON: the order as the agent gave
 * it, then (when it has come to that) the start, then the end, written by the supervisor.
 */
import { constants } from "node:os";

export interface StartedRecord {
  readonly supervisorPid: number;
  /** Clock ticks since boot, as in /proc/PID/stat. */
  readonly supervisorStartTicks: number;
  /** Also the number of the task's process group and session. */
  readonly taskPid: number;
  readonly taskStartTicks: number;
  readonly bootId: string;
  readonly startedAtMs: number;
  /** How many of the order's cgroups the task is in. */
  readonly cgroupsJoined: number;
}

export interface EndedRecord {
  /** null when a signal ended it, or when it was not started. */
  readonly exitCode: number | null;
  /** Such as "SIGKILL"; empty when it ended by itself. */
  readonly signal: string;
  /** Why the supervisor began to stop it. It may have ended by itself nevertheless: see exitCode and signal. */
  readonly stopCause: "none" | "stop" | "timeout" | "lease";
  /** Not empty: no process was started, and this is why. */
  readonly startError: string;
  /** 0: not started. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
  /** Of the largest of its processes. */
  readonly maxResidentBytes: number;
  /** All that it wrote, whether it was kept or not. */
  readonly outputBytes: number;
  /** Of those, what a full disk did not take. */
  readonly droppedBytes: number;
}

export interface AttemptRecord {
  /** The order's text as it was given to the launcher; null: the launcher did not get as far as writing it. */
  readonly order: string | null;
  readonly started: StartedRecord | null;
  readonly ended: EndedRecord | null;
}

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));
// Linux numbers with two names: the usual one.
signalNames.set(constants.signals.SIGABRT, "SIGABRT");
signalNames.set(constants.signals.SIGIO, "SIGIO");

/** Name of a signal's number; `SIG<number>` when it has none (real-time signals). */
export function signalName(number: number): string {
  return signalNames.get(number) ?? `SIG${number}`;
}

/** @throws Error when a complete line is not what it must be: something else wrote the file. */
export function parseRecord(text: string): AttemptRecord {
  // What comes after the last line end is still being written.
  const lines = text.split("\n").slice(0, -1);
  let started: StartedRecord | null = null;
  let ended: EndedRecord | null = null;
  for (const line of lines.slice(1)) {
    const { kind, ...values } = JSON.parse(line);
    if (kind === "started") started = values;
    else if (kind === "ended") ended = { ...values, signal: values.signal === 0 ? "" : signalName(values.signal) };
    else throw new Error(`unknown line in an attempt's record: ${line.slice(0, 80)}`);
  }
  return { order: lines[0] ?? null, started, ended };
}
