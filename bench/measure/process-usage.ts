/** What a process uses, from /proc. */
import { readFileSync } from "node:fs";

/** Ticks of /proc/PID/stat a second (USER_HZ), the same on every Linux that Node runs on. */
const ticksPerS = 100;

/** Processor time of all its threads since its start, in steps of 10 ms. */
export function cpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The name, in parentheses, may hold anything; after it come the state (field 3) and on. utime is 14, stime 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerS;
}

export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1_024;
}
