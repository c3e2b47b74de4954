/** `holdfast status`: the cluster at a glance. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { clusterStatus } from "../format/status.ts";
import { inSession } from "../session.ts";

const examples = `
Examples:
  holdfast status
  holdfast status --output json | jq .leaderId`;

export function define(command: Command): void {
  addConnectionOptions(command).addHelpText("after", examples);
  command.action(() =>
    inSession(command, async ({ client, screen }) => {
      const status = await client.cluster.status();
      screen.show(status, () => clusterStatus(status, Date.now(), screen.colours));
    }),
  );
}
