/** Asks a person to type a name once more, before something that cannot be taken back. */
import { createInterface } from "node:readline/promises";
import { UsageError } from "./usage-error.ts";

export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

/**
 * @param given what a flag said already; undefined: ask on the terminal
 * @param warning what it will do, for the person who is asked
 * @throws UsageError when it is another name, or there is no terminal to ask on
 */
export async function confirmName(
  name: string,
  given: string | undefined,
  warning: string,
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  const typed = given ?? (await ask(name, warning, terminal));
  if (typed !== name) throw new UsageError(`"${typed}" is not ${name}: nothing was done`);
}

async function ask(name: string, warning: string, { input, output }: Terminal): Promise<string> {
  if (input.isTTY !== true) {
    throw new UsageError(`${warning}\nthere is no terminal to ask on: repeat the name with --confirm ${name}`);
  }
  const lines = createInterface({ input, output });
  try {
    return (await lines.question(`${warning}\nType the node's name to confirm: `)).trim();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "AbortError") throw error;
    // Ctrl-C and Ctrl-D are an answer, too; what follows begins a new line.
    output.write("\n");
    throw new UsageError("nothing was done");
  } finally {
    lines.close();
  }
}
