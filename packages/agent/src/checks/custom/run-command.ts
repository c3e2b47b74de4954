/**
 * Runs a command of an operator for a limited time. It gets a process group of its own; when its time is over, that group
 * and whatever else of it is found by its environment is killed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { killStartedWith } from "../../process/leftovers.ts";
import { processStatus } from "../../process/supervisor-process.ts";

export type CommandEnd =
  | { readonly kind: "exited"; readonly code: number; readonly firstLine: string }
  | { readonly kind: "killed"; readonly signal: string; readonly firstLine: string }
  | { readonly kind: "timedOut"; readonly firstLine: string }
  | { readonly kind: "notStarted"; readonly reason: string };

export interface CommandRun {
  readonly ended: Promise<CommandEnd>;
  /** Its process is still there: after `timedOut`, the kernel could not end it. */
  lives(): boolean;
  /** Kills it with everything it started. */
  kill(): void;
}

const outputMaxBytes = 4_096;
const lineMaxLength = 300;
/** For its output to arrive after its end, or its end after it was killed. */
const lastWordsMs = 1_000;
const killRounds = 5;

export function runCommand(argv: readonly string[], name: string, timeoutMs: number): CommandRun {
  const [program = "", ...parameters] = argv;
  const marker = `HOLDFAST_CHECK_RUN=${randomUUID()}`;
  const { PATH, HOME, USER, LANG } = process.env;
  const env = {
    PATH,
    HOME,
    USER,
    LANG,
    HOLDFAST_CHECK: name,
    HOLDFAST_CHECK_RUN: marker.slice(marker.indexOf("=") + 1),
  };
  const child = spawn(program, parameters, { cwd: "/", env, detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const startTicks = child.pid === undefined ? undefined : processStatus(child.pid)?.startTicks;
  const kill = () => {
    killGroup(child.pid);
    // What is being started just now is found the next time.
    for (let round = 0; round < killRounds; round += 1) {
      // Without a start it had ended at once, and its group was all that could be left.
      if (startTicks === undefined || killStartedWith([marker], startTicks) === 0) return;
    }
  };
  return { ended: endOf(child, timeoutMs, kill), lives: () => isLiving(child), kill };
}

async function endOf(child: ChildProcess, timeoutMs: number, kill: () => void): Promise<CommandEnd> {
  const output = firstLineOf(child);
  const { promise: exited, resolve: noteExit } = Promise.withResolvers<CommandEnd>();
  const { promise: closed, resolve: noteClose } = Promise.withResolvers<void>();
  child.once("error", (error) => noteExit({ kind: "notStarted", reason: error.message }));
  child.once("exit", (code, signal) => {
    if (code === null) noteExit({ kind: "killed", signal: signal ?? "a signal", firstLine: "" });
    else noteExit({ kind: "exited", code, firstLine: "" });
  });
  child.once("close", () => noteClose());
  const end = await within(timeoutMs, exited);
  if (end?.kind === "notStarted") return end;
  // Also after an orderly end: what it left in its group would hold the pipe, and gather.
  if (end === null) kill();
  else killGroup(child.pid);
  await within(lastWordsMs, closed);
  child.stdout?.destroy();
  return { ...(end ?? { kind: "timedOut" as const }), firstLine: output() };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}

function isLiving({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

/** The rest is read, so that the command does not meet a full pipe, but not kept. */
function firstLineOf(child: ChildProcess): () => string {
  const pieces: Buffer[] = [];
  let bytes = 0;
  child.stdout?.on("data", (piece: Buffer) => {
    if (bytes < outputMaxBytes) pieces.push(piece.subarray(0, outputMaxBytes - bytes));
    bytes += piece.length;
  });
  return () => {
    const [line = ""] = Buffer.concat(pieces).toString("utf8").trimStart().split("\n", 1);
    return line.trim().slice(0, lineMaxLength);
  };
}

/** null: it took longer. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null);
  });
  const first = await Promise.race([promise, enough]);
  clearTimeout(timer);
  return first;
}
