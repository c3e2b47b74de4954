/** `holdfast nodes`: a list of nodes. */
import type { Node } from "@holdfast/shared/client/messages.ts";
import type { Command } from "commander";
import { addConnectionOptions } from "../connection-options.ts";
import { nodeTable } from "../format/node.ts";
import { pair } from "../parse/flag.ts";
import { nodeStates, nodeStateWords } from "../parse/node-states.ts";
import { inSession } from "../session.ts";

const examples = `
Examples:
  holdfast nodes
  holdfast nodes --state lost,suspect --label zone=a`;

export function define(command: Command): void {
  command
    .option("--state <states>", `${nodeStateWords.join(", ")}; several with commas`, nodeStates)
    .option("--label <key=value>", "with this label; repeatable, all must match", pair);
  addConnectionOptions(command).addHelpText("after", examples);
  command.action(() =>
    inSession(command, async ({ client, screen }) => {
      const { state: states, label: labels } = command.opts();
      const nodes: Node[] = [];
      const request = { ...(states === undefined ? {} : { states }), ...(labels === undefined ? {} : { labels }) };
      for await (const node of client.nodes.listAll(request)) nodes.push(node);
      screen.show({ nodes }, () => (nodes.length === 0 ? "no nodes" : nodeTable(nodes, screen.colours)));
    }),
  );
}
