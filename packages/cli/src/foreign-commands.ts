/**
 * The commands that are more than calls to a cluster: they bring their own registration, and each is loaded only when
 * its name stands on the command line.
 */
import type { Command } from "commander";

interface Module {
  readonly names: readonly string[];
  readonly register: (program: Command) => Promise<void>;
}

const modules: readonly Module[] = [
  { names: ["up"], register: async (program) => (await import("./up/up.ts")).registerUp(program) },
  { names: ["demo"], register: async (program) => (await import("./demo/demo.ts")).registerDemo(program) },
  {
    names: ["coordinator", "agent"],
    register: async (program) => (await import("./daemons/daemons.ts")).registerDaemons(program),
  },
];

const summaries: Readonly<Record<string, string>> = {
  up: "bring up a cluster on this machine",
  demo: "see a cluster lose a node and its leader, and no task",
  coordinator: "run a coordinator from its configuration file",
  agent: "run a node's agent from its configuration file, or check a machine (agent scan)",
};

const group = "Running a cluster:";

export async function registerForeignCommands(program: Command, words: readonly string[]): Promise<void> {
  for (const { names, register } of modules) {
    if (names.some((name) => words.includes(name))) await register(program);
    else for (const name of names) program.command(name).description(summaries[name] as string);
    for (const command of program.commands) if (names.includes(command.name())) command.helpGroup(group);
  }
}
