/** `holdfast release`: held tasks may be placed again. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { inSession } from "../session.ts";

const examples = `
Examples:
  holdfast release TASK TASK`;

export function define(command: Command): void {
  command.argument("<task...>", "ids of tasks");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((taskIds: string[]) =>
    inSession(command, async ({ client, screen }) => {
      for (const taskId of taskIds) await client.tasks.release({ taskId });
      screen.show({ taskIds }, () => `${taskIds.length} released`);
    }),
  );
}
