/** `holdfast logs`: the output of a task. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { followTask } from "../follow/follow-task.ts";
import { OutputPrinter } from "../follow/output-printer.ts";
import { bytes, integer } from "../parse/flag.ts";
import { inSession, type Session } from "../session.ts";

interface LogsFlags {
  readonly follow?: boolean;
  readonly attempt?: number;
  readonly tail?: number;
}

const examples = `
Standard output goes to standard output, standard error to standard error. With --follow it goes on into later attempts,
until the task has ended, unless --attempt names one.

Examples:
  holdfast logs TASK
  holdfast logs -f TASK 2>/dev/null | grep -i loss
  holdfast logs --attempt 1 --tail 4KiB TASK`;

export function define(command: Command): void {
  command
    .argument("<task>", "id of a task")
    .option("-f, --follow", "go on with what the task writes, until it ends")
    .option("--attempt <number>", "of this attempt (default: the newest)", integer(1, 1_000_000))
    .option("--tail <bytes>", "only the last so many bytes", bytes);
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((taskId: string) => inSession(command, (session) => print(session, taskId, command.opts())));
}

async function print({ client, screen }: Session, taskId: string, { follow, attempt, tail }: LogsFlags): Promise<void> {
  const printer = new OutputPrinter(screen);
  if (follow === true && attempt === undefined && tail === undefined) {
    const { task } = await client.tasks.get({ taskId });
    await followTask(client, taskId, printer, task?.attempts?.at(-1)?.number ?? 1);
    return;
  }
  const request = {
    taskId,
    follow: follow === true,
    ...(attempt === undefined ? {} : { attempt }),
    ...(tail === undefined ? {} : { tailBytes: tail }),
  };
  for await (const piece of client.tasks.logs(request)) await printer.output(piece);
}
