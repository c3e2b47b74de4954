/** Which process is meant, although pids are used again: a pid together with when its process started. */
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start: field 22 of /proc/PID/stat. */
  readonly startTicks: number;
}

export interface ProcessStatus extends ProcessIdentity {
  readonly parentPid: number;
  /** It has ended, and only its parent has not asked yet. */
  readonly isZombie: boolean;
}

/** Null when there is no such process. */
export function processStatus(pid: number): ProcessStatus | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return null;
    throw error;
  }
  // Field 2 is the program's name in brackets, and may hold anything.
  const [state = "", parentPid = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { pid, startTicks: Number(rest[17]), parentPid: Number(parentPid), isZombie: state === "Z" };
}

export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  const status = processStatus(pid);
  return status !== null && status.startTicks === startTicks && !status.isZombie;
}

/** Sends a signal; false when the process has gone, or the pid is another's by now. */
export function signalProcess(target: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(target)) return false;
  try {
    return process.kill(target.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
