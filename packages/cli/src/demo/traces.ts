/** What the demo's tasks wrote: a file for each, a line for each beginning and each end of a run of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface TraceLine {
  readonly kind: "start" | "end";
  readonly nodeId: string;
  readonly attempt: number;
  readonly pid: number;
  /** Unix time, by the task's own clock. */
  readonly atMs: number;
}

/** By the task's name; tasks that have written nothing are missing. */
export type Traces = ReadonlyMap<string, readonly TraceLine[]>;

export function readTraces(folder: string): Traces {
  return new Map(readdirSync(folder).map((name) => [name, parseTrace(readFileSync(join(folder, name), "utf8"))]));
}

/** Lines that are not whole were never written. @throws Error for a whole line that no task of the demo writes */
export function parseTrace(text: string): TraceLine[] {
  return text.split("\n").slice(0, -1).map(parseLine);
}

function parseLine(line: string): TraceLine {
  const match = /^(start|end) (\S+) (\d+) (\d+) (\d+)$/.exec(line);
  if (match === null) throw new Error(`a trace has the line "${line}", expected "start|end NODE ATTEMPT PID UNIX_MS"`);
  const [, kind, nodeId = "", attempt, pid, atMs] = match;
  return { kind: kind as TraceLine["kind"], nodeId, attempt: Number(attempt), pid: Number(pid), atMs: Number(atMs) };
}
