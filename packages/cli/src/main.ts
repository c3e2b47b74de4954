/** Entry of the `holdfast` command. */
import { describeFailure } from "./failure.ts";
import { registerForeignCommands } from "./foreign-commands.ts";
import { createProgram } from "./program.ts";
import { leaveWhenReaderHasGone } from "./screen.ts";

leaveWhenReaderHasGone();
try {
  const words = process.argv.slice(2);
  const program = await createProgram((own) => registerForeignCommands(own, words));
  await program.parseAsync();
} catch (thrown) {
  const { exitCode, lines } = await describeFailure(thrown);
  for (const [index, line] of lines.entries()) process.stderr.write(`${index === 0 ? "holdfast: " : ""}${line}\n`);
  process.exitCode = exitCode;
}
