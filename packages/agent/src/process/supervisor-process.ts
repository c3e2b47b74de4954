/**
 * Supervisors as processes of this machine. A pid alone names nothing, since pids are used again: a process is its boot
 * id, pid and start time together.
 */
import { constants, readdirSync, readFileSync, type Stats, statSync } from "node:fs";
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

/** A file of /proc; null when its process has ended, or is somebody else's. */
export function readIfPresent(path: string): string | null {
  return ofProcess(() => readFileSync(path, "utf8"));
}

/** A process may end at any moment, also between being found and being looked at. */
function ofProcess<Found>(look: () => Found): Found | null {
  try {
    return look();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(code)) return null;
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
 * Whether another process has this file open for writing. Launcher and supervisor hold an attempt's record from when they made
 * it: while none does, no start of it can be recorded any more. Reads all of /proc, so it is for the moments in which nothing
 * else tells what becomes of a start.
 */
export function isHeldForWriting(path: string): boolean {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return false;
  return pids().some((pid) => pid !== process.pid && descriptorsOf(pid).some((one) => isWriterOf(pid, one, file)));
}

function descriptorsOf(pid: number): readonly string[] {
  return ofProcess(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
}

function isWriterOf(pid: number, descriptor: string, { dev, ino }: Stats): boolean {
  const open = ofProcess(() => statSync(`/proc/${pid}/fd/${descriptor}`));
  if (open === null || open.dev !== dev || open.ino !== ino) return false;
  const flags = /^flags:\s*([0-7]+)/m.exec(readIfPresent(`/proc/${pid}/fdinfo/${descriptor}`) ?? "")?.[1] ?? "0";
  return (Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
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
