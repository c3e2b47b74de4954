/**
 * Runs a tool as a child, with its output gathered or passed through. A signal that should end the script ends the child
 * first.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

export interface Finished {
  /** 128 plus its number where a signal ended it. */
  readonly exitCode: number;
  /** Standard output and error, as they came. */
  readonly output: string;
  readonly tookMs: number;
}

export async function runBuffered(command: string, args: readonly string[]): Promise<Finished> {
  const startedMs = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
    });
  }
  const exitCode = await ended(child);
  return { exitCode, output: output.trimEnd(), tookMs: performance.now() - startedMs };
}

/** Its exit code; the output goes where this process's goes. */
export function runThrough(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return ended(spawn(command, args, { stdio: "inherit", env }));
}

function ended(child: ChildProcess): Promise<number> {
  const passOn = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on("SIGTERM", passOn).on("SIGINT", passOn);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", reject);
  child.once("close", (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
  return promise.finally(() => process.off("SIGTERM", passOn).off("SIGINT", passOn));
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}
