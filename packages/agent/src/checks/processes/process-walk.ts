/**
 * The processes that wait in the kernel (D) or are dead but not reaped (Z). Looks at one small file of each process, in
 * pieces between which the agent does what else is due.
 */
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";

export interface ProcessSeen {
  readonly pid: number;
  readonly name: string;
  readonly parentPid: number;
  readonly state: "D" | "Z";
  /** With the pid it names the process; in ticks since the machine started. */
  readonly startTicks: number;
  /** Of a process in D how often it has left a processor: it has not moved while this stays; of others 0. */
  readonly switches: number;
}

const pieceProcesses = 100;
/** A machine with more than this has other worries; the rest is not looked at. */
const processesMax = 20_000;
const buffer = Buffer.allocUnsafeSlow(4_096);
const endOfName = Buffer.from(") ");

export async function walkProcesses(folder = "/proc"): Promise<ProcessSeen[]> {
  const pids = readdirSync(folder).filter(isPid).slice(0, processesMax);
  const seen: ProcessSeen[] = [];
  for (let from = 0; from < pids.length; from += pieceProcesses) {
    if (from > 0) await turn();
    for (const pid of pids.slice(from, from + pieceProcesses)) {
      const found = lookAt(`${folder}/${pid}`);
      if (found !== null) seen.push(found);
    }
  }
  return seen;
}

function isPid(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}

/** null: it is neither in D nor a zombie, or has ended meanwhile. */
function lookAt(folder: string): ProcessSeen | null {
  const length = readInto(`${folder}/stat`);
  const nameEnd = buffer.subarray(0, length).lastIndexOf(endOfName);
  // Most processes sleep: nothing is made of their line.
  const state = nameEnd < 0 ? "" : String.fromCharCode(buffer[nameEnd + 2] ?? 0);
  if (state !== "D" && state !== "Z") return null;
  const line = buffer.toString("utf8", 0, length);
  const fields = line.slice(line.lastIndexOf(") ") + 2).split(" ");
  return {
    pid: Number.parseInt(line, 10),
    name: line.slice(line.indexOf("(") + 1, line.lastIndexOf(") ")),
    parentPid: Number(fields[1]),
    state,
    startTicks: Number(fields[19]),
    switches: state === "D" ? switchesOf(folder) : 0,
  };
}

function switchesOf(folder: string): number {
  const status = buffer.toString("utf8", 0, readInto(`${folder}/status`));
  const count = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return count("voluntary_ctxt_switches") + count("nonvoluntary_ctxt_switches");
}

/** How many bytes of the file are in the buffer; 0 when its process has ended. */
function readInto(path: string): number {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(path, "r");
    return readSync(descriptor, buffer, 0, buffer.length, 0);
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return 0;
    throw error;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
