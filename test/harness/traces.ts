/**
 * Tasks that leave a trace of having run, which no coordinator or agent has a hand in, and that end when the test lets them.
 *
 * Each task has a file named by its id, and appends a line when it starts and one when it comes to its end:
 *
 *   start <node> <attempt> <pid> <ns>
 *   end <node> <attempt> <pid> <ns>
 *
 * In between it waits at a gate: a FIFO which nobody writes to until the gate is opened.
 */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { TaskSpec } from "@holdfast/shared/client/messages.ts";
import { eventually } from "./waiting.ts";

/** One time that the process of a task ran. */
export interface Run {
  readonly taskId: string;
  readonly nodeId: string;
  readonly attempt: number;
  readonly pid: number;
  /** Unix time in nanoseconds, by the task's own clock. */
  readonly startedAtNs: bigint;
  /** Null: it has not come to its end, or never will. */
  readonly endedAtNs: bigint | null;
}

const startLine =
  'printf "start %s %s %s %s\\n" "$HOLDFAST_NODE_ID" "$HOLDFAST_ATTEMPT" $$ "$(date +%s%N)" >> "$TRACES/$HOLDFAST_TASK_ID"';
const endLine = startLine.replace("start", "end");
const gateName = "gate";
/** More than tasks will ever wait at a gate, and less than a pipe holds (64 KiB). */
const admissions = 10_000;

export class Traces {
  readonly #folder: string;
  readonly #gate: string;
  #gateDescriptor: number | null = null;

  /** @param folder is made; the tasks must be able to write to it */
  constructor(folder: string) {
    this.#folder = join(folder, "runs");
    this.#gate = join(folder, gateName);
    mkdirSync(this.#folder, { recursive: true });
    execFileSync("mkfifo", [this.#gate]);
  }

  /** Runs until the gate opens. @param body shell that runs before that; by default nothing */
  gated(body = ":"): TaskSpec {
    return this.#spec(`${startLine}\n${body}\nread _ < "$GATE"\n${endLine}`);
  }

  /** Leaves its trace and runs `body` in between; what that exits with is the task's exit code. */
  running(body = ":"): TaskSpec {
    return this.#spec(`${startLine}\n${body}\n${endLine}`);
  }

  #spec(script: string): TaskSpec {
    return {
      argv: ["sh", "-c", script],
      environment: { TRACES: this.#folder, GATE: this.#gate },
      resources: { cpuMillis: 10, memoryBytes: 1024 * 1024 },
    };
  }

  /** Lets all gated tasks go on, also those that come later. */
  openGate(): void {
    if (this.#gateDescriptor !== null) return;
    // Whoever has opened the FIFO finds a line in it, whoever comes later an empty file in its place.
    this.#gateDescriptor = openSync(this.#gate, constants.O_RDWR | constants.O_NONBLOCK);
    writeSync(this.#gateDescriptor, "\n".repeat(admissions));
    writeFileSync(`${this.#gate}.open`, "");
    renameSync(`${this.#gate}.open`, this.#gate);
  }

  close(): void {
    if (this.#gateDescriptor !== null) closeSync(this.#gateDescriptor);
    this.#gateDescriptor = null;
  }

  /** Of one task, in the order of their starts. */
  runsOf(taskId: string): Run[] {
    const file = join(this.#folder, taskId);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const ends = new Map<string, bigint>();
    const starts: Omit<Run, "endedAtNs">[] = [];
    for (const line of lines) {
      const [what, nodeId = "", attempt, pid, ns = "0"] = line.split(" ");
      if (what === "start") {
        starts.push({ taskId, nodeId, attempt: Number(attempt), pid: Number(pid), startedAtNs: BigInt(ns) });
      } else ends.set(`${nodeId} ${attempt} ${pid}`, BigInt(ns));
    }
    return starts.map((run) => ({ ...run, endedAtNs: ends.get(`${run.nodeId} ${run.attempt} ${run.pid}`) ?? null }));
  }

  runs(taskIds: readonly string[]): Run[] {
    return taskIds.flatMap((id) => this.runsOf(id));
  }

  /** Of all tasks that have ever left a trace here. */
  get taskIds(): string[] {
    return readdirSync(this.#folder).sort();
  }

  /** Resolves when each of the tasks has a run that satisfies `wanted`; with these, one for each, in order. */
  async eachHas(
    expected: string,
    taskIds: readonly string[],
    wanted: (run: Run) => boolean = () => true,
    withinMs?: number,
  ): Promise<Run[]> {
    const look = () => {
      const found = taskIds.map((id) => this.runsOf(id).find(wanted));
      return found.includes(undefined) ? undefined : (found as Run[]);
    };
    return eventually(expected, look, {
      seen: () => listed(this.runs(taskIds)),
      ...(withinMs === undefined ? {} : { withinMs }),
    });
  }
}

/** Those that came to their end. */
export function completed(runs: readonly Run[]): Run[] {
  return runs.filter(({ endedAtNs }) => endedAtNs !== null);
}

/** How many of the runs came to their end, for each of the tasks: 1 is what everybody wants. */
export function completions(traces: Traces, taskIds: readonly string[]): number[] {
  return taskIds.map((id) => completed(traces.runsOf(id)).length);
}

function listed(runs: readonly Run[]): string {
  const lines = runs.map(
    ({ taskId, nodeId, attempt, pid, endedAtNs }) =>
      `${taskId} attempt ${attempt} on ${nodeId} as pid ${pid}, ${endedAtNs === null ? "not ended" : "ended"}`,
  );
  return lines.length === 0 ? "no run" : lines.join("; ");
}
