/**
 * Turns this process into a daemon: the same pid, but a fresh Node with the flags that suit the daemon, and without what
 * reading the command line and the configuration has loaded (some 30 MB, which an agent would carry for ever).
 */
import { fileURLToPath } from "node:url";
import { daemonConfigVariable } from "@holdfast/shared/daemon-config.ts";

export interface DaemonProgram {
  /** A package's `main.ts`. */
  readonly entry: string;
  readonly nodeFlags: readonly string[];
}

/** Copies of short-lived objects are most of a coordinator's garbage: room for them saves collections. */
export const coordinatorProgram: DaemonProgram = {
  entry: fileURLToPath(import.meta.resolve("@holdfast/coordinator/main.ts")),
  nodeFlags: ["--max-semi-space-size=32"],
};

/** An agent idles most of its life and is to be small; the optimizing compilers alone would cost it 10 MB. */
export const agentProgram: DaemonProgram = {
  entry: fileURLToPath(import.meta.resolve("@holdfast/agent/main.ts")),
  nodeFlags: ["--max-semi-space-size=1", "--no-opt", "--no-maglev"],
};

/**
 * @param config what the daemon gets, complete and checked
 * @param cacheFolder for compiled code, where NODE_COMPILE_CACHE names none: with it, a start neither strips types nor
 * compiles, which an agent would pay for with another 30 MB
 */
export function become({ entry, nodeFlags }: DaemonProgram, config: object, cacheFolder: string): never {
  if (process.execve === undefined) throw new Error("this Node cannot replace its process; 24 or later is needed");
  const environment = {
    NODE_COMPILE_CACHE: cacheFolder,
    ...process.env,
    [daemonConfigVariable]: JSON.stringify(config),
  };
  process.execve(process.execPath, [process.execPath, ...nodeFlags, entry], environment);
  throw new Error("this process could not be replaced");
}
