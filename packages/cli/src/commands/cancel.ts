/** `holdfast cancel`: tasks by id, or all that a filter selects. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { activeStates } from "../parse/states.ts";
import { inSession, type Session } from "../session.ts";
import { addFilterOptions, type FilterFlags, filterFromFlags } from "../task-filter.ts";
import { UsageError } from "../usage-error.ts";

interface CancelFlags extends FilterFlags {
  readonly all?: boolean;
  readonly reason?: string;
}

const examples = `
Examples:
  holdfast cancel TASK TASK
  holdfast cancel --batch BATCH --reason "wrong input"
  holdfast cancel --state pending --label team=vision
  holdfast cancel --all`;

export function define(command: Command): void {
  command.argument("[task...]", "ids of tasks");
  addFilterOptions(command)
    .option("--all", "all tasks of the namespace that have not ended")
    .option("--reason <text>", "shown with the tasks");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((taskIds: string[]) => inSession(command, (session) => cancel(session, taskIds, command.opts())));
}

async function cancel(session: Session, taskIds: readonly string[], flags: CancelFlags): Promise<void> {
  const filter = filterFromFlags(flags);
  const filtered = flags.all === true || Object.keys(filter).length > 0;
  if (filtered === taskIds.length > 0)
    throw new UsageError("name tasks, or select them with --state, --label, --batch, --node, --name or --all");
  // A filter that selects everything is refused, lest one be forgotten by mistake.
  if (flags.all === true && filter.states === undefined) filter.states = [...activeStates];
  const reason = flags.reason ?? "";
  let affected = 0;
  if (filtered) affected = await cancelSelected(session, filter, reason);
  else for (const taskId of taskIds) affected += (await session.client.tasks.cancel({ taskId, reason })).affected ?? 0;
  session.screen.show({ affected }, () => `${affected} cancelled`);
}

/** The cluster takes a part of a large selection at a time. */
async function cancelSelected(
  { client }: Session,
  filter: ReturnType<typeof filterFromFlags>,
  reason: string,
): Promise<number> {
  for (let affected = 0; ; ) {
    const answer = await client.tasks.cancel({ filter, reason });
    affected += answer.affected ?? 0;
    if (answer.more !== true) return affected;
  }
}
