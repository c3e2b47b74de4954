/** Asks a person to type a name once more, before something that cannot be taken back. */
import { createInterface } from "node:readline/promises";
import { UsageError } from "./usage-error.ts";

/**
 * @param given what a flag said already; undefined: ask on the terminal
 * @param warning what it will do, for the person who is asked
 * @throws UsageError when it is another name, or there is no terminal to ask on
 */
export async function confirmName(name: string, given: string | undefined, warning: string): Promise<void> {
  const typed = given ?? (await ask(name, warning));
  if (typed !== name) throw new UsageError(`"${typed}" is not ${name}: nothing was done`);
}

async function ask(name: string, warning: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError(`${warning}\nthere is no terminal to ask on: repeat the name with --confirm ${name}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${warning}\nType the node's name to confirm: `)).trim();
  } finally {
    terminal.close();
  }
}
