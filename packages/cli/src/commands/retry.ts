/** `holdfast retry`: new tasks with the bodies of ended ones. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { inSession } from "../session.ts";

const examples = `
Prints the ids of the new tasks.

Examples:
  holdfast retry TASK`;

export function define(command: Command): void {
  command.argument("<task...>", "ids of ended tasks");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((taskIds: string[]) =>
    inSession(command, async ({ client, screen }) => {
      const tasks: { readonly of: string; readonly taskId: string }[] = [];
      for (const of of taskIds) tasks.push({ of, taskId: (await client.tasks.retry({ taskId: of })).taskId ?? "" });
      screen.show({ tasks }, () => tasks.map(({ taskId }) => taskId).join("\n"));
    }),
  );
}
