/** `holdfast resume`: tasks are placed again, after a pause or a freeze. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { inSession } from "../session.ts";

const examples = `
Also ends a freeze that followed the loss of many nodes at once: they are then taken for lost.

Examples:
  holdfast resume`;

export function define(command: Command): void {
  addConnectionOptions(command).addHelpText("after", examples);
  command.action(() =>
    inSession(command, async ({ client, screen }) => {
      const answer = await client.cluster.resumePlacement();
      screen.show(answer, () => "placement resumed");
    }),
  );
}
