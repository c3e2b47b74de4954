/**
 * The command line as a whole: names and summaries of all commands, so that help and suggestions need nothing else; what
 * a command takes and does is loaded when it is the one that was called.
 */
import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { commandEntries, other } from "./command-entries.ts";
import { addConnectionOptions } from "./connection-options.ts";
import { complete, completeWhenCalled } from "./lazy-command.ts";

const exitCodes = `
Exit codes:
  0 done    1 failed    2 wrong usage or settings    3 not found    4 no coordinator available
  5 refused by the cluster    6 timed out    run: the task's own, 128 + signal, 124 timed out, 130 interrupted
  agent scan: 0 healthy, 1 degraded, 2 unhealthy, 3 nothing could be checked

Examples:
  holdfast run -- echo hello                     run a command and see its output
  holdfast submit --cpu 2 --retries 3 -- ./job   submit a task; prints its id
  holdfast ps                                    see what waits and runs
  holdfast logs -f TASK                          follow a task's output
  holdfast COMMAND --help                        all about a command
`;

/** Commands in other modules that bring their own registration; see foreign-commands.ts. */
export type Registration = (program: Command) => Promise<void>;

export async function createProgram(registerForeign: Registration): Promise<Command> {
  const program = new Command("holdfast");
  program
    .description(
      "Keeps work running when machines fail: submit tasks to a cluster, watch them, and look after its nodes.",
    )
    .version(manifest.version, "-V, --version")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(asHoldfastMessage(text)) });
  addConnectionOptions(program);
  program.commandsGroup(other);
  for (const { name, group, summary, load } of commandEntries)
    completeWhenCalled(program.command(name).description(summary).helpGroup(group), load);
  await registerForeign(program);
  program.addHelpText("after", exitCodes);
  program.hook("preSubcommand", (_, command) => complete(command));
  return program;
}

/** commander's "error: unknown option '--x'\n(Did you mean --y?)" on one line, in this command's form. */
function asHoldfastMessage(text: string): string {
  const [first = "", suggestion] = text.trim().split("\n");
  const message = first.replace(/^error: /, "").replace(/ is invalid\. /, " is invalid: ");
  const hint = suggestion === undefined ? "" : ` ${suggestion.replace("(Did", "(did")}`;
  return `holdfast: ${message}${hint}\n`;
}
