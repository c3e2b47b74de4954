/** `holdfast hold`: tasks that are not to be placed for now. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { inSession } from "../session.ts";

const examples = `
Examples:
  holdfast hold TASK TASK`;

export function define(command: Command): void {
  command.argument("<task...>", "ids of tasks");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((taskIds: string[]) =>
    inSession(command, async ({ client, screen }) => {
      for (const taskId of taskIds) await client.tasks.hold({ taskId });
      screen.show({ taskIds }, () => `${taskIds.length} held`);
    }),
  );
}
