/** `holdfast ps`: a list of tasks. */
import type { Task } from "@holdfast/shared/client/messages.ts";
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { taskTable } from "../format/task.ts";
import { integer } from "../parse/flag.ts";
import { activeStates } from "../parse/states.ts";
import { inSession, type Session } from "../session.ts";
import { addFilterOptions, type FilterFlags, filterFromFlags } from "../task-filter.ts";

interface PsFlags extends FilterFlags {
  readonly all?: boolean;
  readonly limit?: number;
  readonly oldestFirst?: boolean;
}

const defaultLimit = 100;

const examples = `
Examples:
  holdfast ps                          what waits and runs
  holdfast ps --all --limit 20         the newest 20, ended ones too
  holdfast ps --state failed,timed-out --label team=vision
  holdfast ps --batch BATCH --limit 0 --output json`;

export function define(command: Command): void {
  command.option("--all", "ended tasks too");
  addFilterOptions(command)
    .option("--limit <number>", `so many at most, 0 for all (default: ${defaultLimit})`, integer(0, 10_000_000))
    .option("--oldest-first", "oldest first (default: newest first)");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action(() => inSession(command, (session) => list(session, command.opts())));
}

async function list({ client, screen }: Session, flags: PsFlags): Promise<void> {
  const limit = flags.limit === 0 ? Number.POSITIVE_INFINITY : (flags.limit ?? defaultLimit);
  const filter = filterFromFlags(flags);
  if (flags.all !== true && flags.state === undefined) filter.states = [...activeStates];
  const tasks: Task[] = [];
  let more = false;
  const request = { filter, newestFirst: flags.oldestFirst !== true, pageSize: Math.min(limit + 1, 1_000) };
  for await (const task of client.tasks.listAll(request)) {
    more = tasks.length >= limit;
    if (more) break;
    tasks.push(task);
  }
  screen.show({ tasks, more }, () => (tasks.length === 0 ? "no tasks" : taskTable(tasks, Date.now(), screen.colours)));
  if (more) screen.note(`there are more than ${limit}; --limit 0 lists all`);
}
