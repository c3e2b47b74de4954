/** `holdfast show`: tasks with all that is known of them. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { taskDetail } from "../format/task.ts";
import { inSession } from "../session.ts";

const examples = `
Examples:
  holdfast show TASK
  holdfast show TASK --output json | jq '.tasks[0].attempts'`;

export function define(command: Command): void {
  command.argument("<task...>", "ids of tasks");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((taskIds: string[]) =>
    inSession(command, async ({ client, screen }) => {
      const answers = await Promise.all(taskIds.map((taskId) => client.tasks.get({ taskId })));
      const tasks = answers.flatMap(({ task }) => task ?? []);
      screen.show({ tasks }, () => tasks.map((task) => taskDetail(task, Date.now(), screen.colours)).join("\n\n"));
    }),
  );
}
