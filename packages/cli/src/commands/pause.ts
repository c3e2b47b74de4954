/** `holdfast pause`: no task is placed until `holdfast resume`. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { inSession } from "../session.ts";

const examples = `
What runs is left alone.

Examples:
  holdfast pause --reason "switch is being replaced"`;

export function define(command: Command): void {
  command.option("--reason <text>", "shown in the status");
  addConnectionOptions(command).addHelpText("after", examples);
  command.action(() =>
    inSession(command, async ({ client, screen }) => {
      const { reason = "" } = command.opts<{ reason?: string }>();
      const answer = await client.cluster.pausePlacement({ reason });
      screen.show(answer, () => "placement paused; `holdfast resume` ends that");
    }),
  );
}
