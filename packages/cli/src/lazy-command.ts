/** Commands that are only a name and a summary until they are called, so that the others cost nothing. */
import type { Command } from "commander";

/** What a module in commands/ exports. */
export interface CommandModule {
  /** Adds arguments, options, help and action to a command that has its name and summary. */
  define(command: Command): void;
}

const incomplete = new WeakMap<Command, () => Promise<CommandModule>>();

export function completeWhenCalled(command: Command, load: () => Promise<CommandModule>): void {
  incomplete.set(command, load);
}

/** Leaves a command alone that is complete. */
export async function complete(command: Command): Promise<void> {
  const load = incomplete.get(command);
  if (load === undefined) return;
  incomplete.delete(command);
  (await load()).define(command);
}
