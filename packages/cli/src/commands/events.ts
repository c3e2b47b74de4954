/** `holdfast events`: what happened, and with --follow what happens. */
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { eventLine } from "../format/event.ts";
import { integer } from "../parse/flag.ts";
import { inSession } from "../session.ts";

const defaultTail = 50;

const examples = `
With --output json each event is a line of its own.

Examples:
  holdfast events
  holdfast events -f --tail 10
  holdfast events --tail 0 --output json | jq -r 'select(.kind == "node.lost") | .subject'`;

export function define(command: Command): void {
  command
    .option("-f, --follow", "go on with what happens")
    .option(
      "--tail <number>",
      `only the newest so many, 0 for all that are kept (default: ${defaultTail})`,
      integer(0, 1_000_000),
    );
  addConnectionOptions(command).addHelpText("after", examples);
  command.action(() =>
    inSession(command, async ({ client, screen }) => {
      const { follow = false, tail = defaultTail } = command.opts<{ follow?: boolean; tail?: number }>();
      for await (const { events = [] } of client.cluster.events({ follow, tail }))
        for (const event of events) {
          if (screen.json) screen.line(event);
          else screen.print(eventLine(event, screen.colours));
        }
    }),
  );
}
