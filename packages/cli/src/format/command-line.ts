/** An argv as one would type it in a POSIX shell. */
import { printable } from "./printable.ts";

export function commandLine(argv: readonly string[]): string {
  return argv
    .map((word) => printable(/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
