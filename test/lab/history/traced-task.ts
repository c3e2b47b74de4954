/**
 * Tasks that write down themselves that they ran, into one file of this machine that no part of the cluster has a hand in:
 * a line when they start, when they come to their end, and (exclusive ones) every fifth of a second in between.
 *
 *   start|alive|end|overlap REQUEST TASK NODE ATTEMPT FENCE PID UPTIME
 *
 * REQUEST is what the submitter called it, UPTIME the seconds since this machine's start, a clock that all its hosts share.
 * An exclusive task also holds a lock of the kernel on a file of its own, for as long as a process of it lives: `overlap`
 * says that another attempt still held it.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskSpec } from "@holdfast/shared/client/messages.ts";

export interface TracedTask {
  readonly request: string;
  readonly exclusive: boolean;
  /** How long it runs; null: until the gate is opened. */
  readonly runMs: number | null;
}

const say = `say() {
  read -r uptime _ < /proc/uptime
  printf '%s %s %s %s %s %s %s %s\\n' "$1" "$REQUEST" "$HOLDFAST_TASK_ID" "$HOLDFAST_NODE_ID" "$HOLDFAST_ATTEMPT" \\
    "\${HOLDFAST_FENCE:--}" $$ "$uptime" >> "$HISTORY"
}`;
const lookS = 0.2;
/** Below any `exclusiveKillMs` in use here. */
const stopGraceMs = 1_000;

export class TraceFolder {
  readonly historyFile: string;
  readonly #locks: string;
  readonly #gate: string;

  constructor(folder: string) {
    this.historyFile = join(folder, "history");
    this.#locks = join(folder, "locks");
    this.#gate = join(folder, "gate-is-open");
  }

  /** Makes the folder; tasks can write from then on. */
  begin(): void {
    mkdirSync(this.#locks, { recursive: true });
    writeFileSync(this.historyFile, "");
  }

  spec({ request, exclusive, runMs }: TracedTask): TaskSpec {
    const environment = {
      REQUEST: request,
      HISTORY: this.historyFile,
      LOCK: join(this.#locks, request),
      GATE: this.#gate,
    };
    const opening = exclusive ? 'exec 9>> "$LOCK"\nif flock -n 9; then say start; else say overlap; fi' : "say start";
    const script = [say, opening, waiting(runMs, exclusive), "say end"].join("\n");
    const resources = { cpuMillis: 10, memoryBytes: 1024 * 1024 };
    return { argv: ["sh", "-c", script], environment, resources, ...(exclusive ? { exclusive, stopGraceMs } : {}) };
  }

  /** Lets all tasks that wait at the gate go on, also those that come later. */
  openGate(): void {
    writeFileSync(this.#gate, "");
  }
}

function waiting(runMs: number | null, exclusive: boolean): string {
  const sign = exclusive ? "; say alive" : "";
  if (runMs === null) return `while [ ! -e "$GATE" ]; do sleep ${lookS}${sign}; done`;
  if (!exclusive) return `sleep ${runMs / 1_000}`;
  const rounds = Math.ceil(runMs / 1_000 / lookS);
  return `round=0; while [ $round -lt ${rounds} ]; do sleep ${lookS}${sign}; round=$((round + 1)); done`;
}
