/**
 * The command line as a whole: names and summaries of all commands, so that help and suggestions need nothing else; what
 * a command takes and does is loaded when it is the one that was called.
 */
import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { addConnectionOptions } from "./connection-options.ts";

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /** Adds arguments, options and action. */
  readonly load: () => Promise<{ define: (command: Command) => void }>;
}

const tasks = "Tasks:";
const nodes = "Nodes:";
const cluster = "Cluster:";
const other = "Other:";

const entries: readonly Entry[] = [
  {
    name: "run",
    group: tasks,
    summary: "submit a task and follow it; its exit code is this command's",
    load: () => import("./commands/run.ts"),
  },
  {
    name: "submit",
    group: tasks,
    summary: "submit a task, or a batch from a file",
    load: () => import("./commands/submit.ts"),
  },
  { name: "ps", group: tasks, summary: "list tasks", load: () => import("./commands/ps.ts") },
  { name: "show", group: tasks, summary: "show tasks in full", load: () => import("./commands/show.ts") },
  { name: "logs", group: tasks, summary: "print a task's output", load: () => import("./commands/logs.ts") },
  { name: "wait", group: tasks, summary: "wait until tasks have ended", load: () => import("./commands/wait.ts") },
  {
    name: "explain",
    group: tasks,
    summary: "say why a task waits, and what would help",
    load: () => import("./commands/explain.ts"),
  },
  { name: "cancel", group: tasks, summary: "cancel tasks", load: () => import("./commands/cancel.ts") },
  { name: "retry", group: tasks, summary: "submit ended tasks once more", load: () => import("./commands/retry.ts") },
  {
    name: "hold",
    group: tasks,
    summary: "keep waiting tasks from being placed",
    load: () => import("./commands/hold.ts"),
  },
  { name: "release", group: tasks, summary: "let held tasks be placed", load: () => import("./commands/release.ts") },
  { name: "nodes", group: nodes, summary: "list nodes", load: () => import("./commands/nodes.ts") },
  {
    name: "node",
    group: nodes,
    summary: "show, cordon, uncordon, drain or remove a node",
    load: () => import("./commands/node.ts"),
  },
  { name: "status", group: cluster, summary: "the cluster at a glance", load: () => import("./commands/status.ts") },
  {
    name: "events",
    group: cluster,
    summary: "what happened in the cluster",
    load: () => import("./commands/events.ts"),
  },
  { name: "pause", group: cluster, summary: "place no more tasks", load: () => import("./commands/pause.ts") },
  { name: "resume", group: cluster, summary: "place tasks again", load: () => import("./commands/resume.ts") },
  {
    name: "step-down",
    group: cluster,
    summary: "let another coordinator lead",
    load: () => import("./commands/step-down.ts"),
  },
  { name: "version", group: other, summary: "print the version", load: () => import("./commands/version.ts") },
  {
    name: "completion",
    group: other,
    summary: "print a completion script for a shell",
    load: () => import("./commands/completion.ts"),
  },
];

const exitCodes = `
Exit codes:
  0 done    1 failed    2 wrong usage or settings    3 not found    4 no coordinator available
  5 refused by the cluster    6 timed out    run: the task's own, 128 + signal, 124 timed out, 130 interrupted

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
  for (const entry of entries) {
    const command = program.command(entry.name).description(entry.summary).helpGroup(entry.group);
    commandEntries.set(command, entry);
  }
  await registerForeign(program);
  program.addHelpText("after", exitCodes);
  program.hook("preSubcommand", (_, command) => loadCommand(command));
  return program;
}

const commandEntries = new WeakMap<Command, Entry>();

/** Completes a command that is only a name and a summary yet; others are left alone. */
export async function loadCommand(command: Command): Promise<void> {
  const entry = commandEntries.get(command);
  if (entry === undefined) return;
  commandEntries.delete(command);
  (await entry.load()).define(command);
}

/** commander's "error: unknown option '--x'\n(Did you mean --y?)" on one line, in this command's form. */
export function asHoldfastMessage(text: string): string {
  const [first = "", suggestion] = text.trim().split("\n");
  const message = first.replace(/^error: /, "").replace(/ is invalid\. /, " is invalid: ");
  const hint = suggestion === undefined ? "" : ` ${suggestion.replace("(Did", "(did")}`;
  return `holdfast: ${message}${hint}\n`;
}
