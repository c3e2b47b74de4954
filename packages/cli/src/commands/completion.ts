/** `holdfast completion SHELL`: a script for the shell to read. */
import { Argument, type Command } from "commander";
import { bashScript, type CompletedCommand, fishScript, zshScript } from "../format/completion.ts";
import { complete } from "../lazy-command.ts";

const examples = `
Examples:
  source <(holdfast completion bash)
  holdfast completion zsh > "\${fpath[1]}/_holdfast"
  holdfast completion fish > ~/.config/fish/completions/holdfast.fish`;

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;
type Shell = keyof typeof scripts;

export function define(command: Command): void {
  command.addArgument(new Argument("<shell>", "whose completion").choices(Object.keys(scripts)));
  command.addHelpText("after", examples);
  command.action(async (shell: Shell) => {
    const program = command.parent as Command;
    for (const each of program.commands) await complete(each);
    process.stdout.write(scripts[shell](completedCommands(program)));
  });
}

function completedCommands(program: Command, path: readonly string[] = []): CompletedCommand[] {
  return program.commands.flatMap((command) => {
    const own = [...path, command.name()];
    const flags = command.options.flatMap((option) =>
      option.long ? [{ flag: option.long, summary: option.description }] : [],
    );
    const subcommands = command.commands.map((each) => ({ name: each.name(), summary: each.description() }));
    return [
      {
        path: own,
        summary: command.description(),
        flags: [...flags, { flag: "--help", summary: "help" }],
        subcommands,
      },
      ...completedCommands(command, own),
    ];
  });
}
