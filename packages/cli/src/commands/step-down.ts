/** `holdfast step-down`: the leader hands over to a standby. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { inSession } from "../session.ts";

const examples = `
Examples:
  holdfast step-down --reason "kernel update"`;

export function define(command: Command): void {
  command.option("--reason <text>", "kept with the event");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action(() =>
    inSession(command, async ({ client, screen }) => {
      const { reason = "" } = command.opts<{ reason?: string }>();
      const answer = await client.cluster.stepDown({ reason });
      screen.show(answer, () => `${answer.coordinatorId ?? "the leader"} has stepped down`);
    }),
  );
}
