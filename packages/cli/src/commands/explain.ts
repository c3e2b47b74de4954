/** `holdfast explain`: why a task waits. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { explanation } from "../format/explanation.ts";
import { inSession } from "../session.ts";

const examples = `
Examples:
  holdfast explain TASK`;

export function define(command: Command): void {
  command.argument("<task>", "id of a task");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action((taskId: string) =>
    inSession(command, async ({ client, screen }) => {
      const answer = await client.tasks.explain({ taskId });
      screen.show(answer, () => explanation(answer, screen.colours));
    }),
  );
}
