/**
 * Supervisors as processes of this machine. A pid alone names nothing, since pids are used again: a process is its boot
 * id, pid and start time together.
 */
import { readdirSync, readFileSync } from "node:fs";
import type { StartedRecord } from "./attempt-record.ts";

interface ProcessStatus {
  readonly session: number;
  readonly startTicks: number;
}

let cachedBootId: string | undefined;

/** Of the running kernel. */
export function bootId(): string {
  cachedBootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return cachedBootId;
}

/** null when there is no such process, or only what its parent has not yet reaped of it. */
export function processStatus(pid: number): ProcessStatus | null {
  const stat = readIfPresent(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // Field 2 is the program's name in brackets and may hold anything; the next one after its last bracket is field 3.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return null;
  return { session: Number(fields[3]), startTicks: Number(fields[19]) };
}

/**
 * A file of /proc; null when the process has ended, which it may at any moment, also between finding a file and reading it,
 * or when it is somebody else's to read.
 */
export function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM") return null;
    throw error;
  }
}

/** Of all processes that can be seen. */
export function pids(): number[] {
  return readdirSync("/proc").map(Number).filter(Number.isInteger);
}

export function isSupervisorAlive(started: StartedRecord): boolean {
  if (started.bootId !== bootId()) return false;
  return processStatus(started.supervisorPid)?.startTicks === started.supervisorStartTicks;
}

/**
 * Whether a supervisor lives that has not recorded its start yet: it is known by its title. Reads all of /proc, so it is
 * for the moments after an agent's restart or a launcher's death.
 */
export function isSupervisorStarting(key: string): boolean {
  const title = `holdfast-supervisor ${key}`;
  return pids().some((pid) => readIfPresent(`/proc/${pid}/cmdline`)?.split("\0", 1)[0] === title);
}

/** Signals a process and says whether it was still there. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
