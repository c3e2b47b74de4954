/** `holdfast node …`: one node. */
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { Command } from "commander";
import { confirmName } from "../confirmation.ts";
import { addConnectionOptions } from "../connection-options.ts";
import { chartedMetrics, seriesCharts } from "../format/chart.ts";
import { nodeDetail } from "../format/node.ts";
import { duration } from "../parse/flag.ts";
import { progressBar } from "../progress.ts";
import { inSession, type Session } from "../session.ts";

const defaultDrainMs = 300_000;

export function define(command: Command): void {
  command.addHelpText(
    "after",
    "\nExamples:\n  holdfast node show NODE\n  holdfast node drain NODE --deadline 10m --wait",
  );
  addNodeCommand(command, "show", "show a node in full", show).option(
    "--period <duration>",
    "with charts of the last so long, up to 30d (default: 15m)",
    duration,
  );
  addNodeCommand(command, "cordon", "place no new tasks on a node", async (session, nodeId, flags) => {
    const answer = await session.client.nodes.cordon({ nodeId, reason: flags.reason ?? "" });
    session.screen.show(answer, () => `${nodeId} cordoned; what runs there is left alone`);
  }).option("--reason <text>", "shown with the node");
  addNodeCommand(command, "uncordon", "place tasks on a node again; also ends a drain", async (session, nodeId) => {
    const answer = await session.client.nodes.uncordon({ nodeId });
    session.screen.show(answer, () => `${nodeId} uncordoned`);
  });
  addNodeCommand(command, "drain", "move all tasks away from a node", drain)
    .option("--deadline <duration>", "let what runs there go on for so long, then move it (default: 5m)", duration)
    .option("--now", "stop what runs there at once, and start it elsewhere")
    .option("--reason <text>", "shown with the node")
    .option("--wait", "wait until the node's last process has exited");
  addNodeCommand(command, "remove", "forget a node that is lost or drained", async (session, nodeId) => {
    const answer = await session.client.nodes.remove({ nodeId });
    session.screen.show(answer, () => `${nodeId} removed`);
  });
  addNodeCommand(command, "confirm-dead", "vouch that nothing runs on a lost node any more", confirmDead)
    .requiredOption("--reason <text>", "who vouches for it, and how it is known; kept with the event")
    .option("--confirm <node>", "the node's name once more, instead of being asked for it");
}

interface NodeFlags {
  readonly reason?: string;
  readonly confirm?: string;
  readonly deadline?: number;
  readonly period?: number;
  readonly now?: boolean;
  readonly wait?: boolean;
}

function addNodeCommand(
  parent: Command,
  name: string,
  summary: string,
  action: (session: Session, nodeId: string, flags: NodeFlags) => Promise<void>,
): Command {
  const command = parent.command(name).description(summary).argument("<node>", "id of a node");
  command.addHelpText("after", `\nExamples:\n  holdfast node ${example(name)}`);
  addConnectionOptions(command).optionsGroup("Options:");
  return command.action((nodeId: string) => inSession(command, (session) => action(session, nodeId, command.opts())));
}

function example(name: string): string {
  return name === "confirm-dead" ? `${name} NODE --reason "pulled its plug, rack 7"` : `${name} NODE`;
}

async function show({ client, screen }: Session, nodeId: string, { period }: NodeFlags): Promise<void> {
  const nowMs = Date.now();
  const fromMs = period === undefined ? 0 : nowMs - period;
  const [{ node }, measured] = await Promise.all([
    client.nodes.get({ nodeId }),
    client.nodes.series({ nodeId, metrics: [...chartedMetrics], fromMs }),
  ]);
  if (node === undefined) return;
  screen.show({ node, measured }, () => {
    const charts = seriesCharts(measured, screen.colours);
    const detail = nodeDetail(node, nowMs, screen.colours);
    return charts === "" ? detail : `${detail}\n\n${charts}`;
  });
}

async function drain({ client, screen }: Session, nodeId: string, flags: NodeFlags): Promise<void> {
  const deadlineMs = flags.now === true ? 0 : (flags.deadline ?? defaultDrainMs);
  const answer = await client.nodes.drain({ nodeId, deadlineMs, reason: flags.reason ?? "" });
  if (flags.wait !== true)
    return screen.show(answer, () => `${nodeId} is draining; \`holdfast node show ${nodeId}\` tells how far it is`);
  await drained(client, nodeId, screen.json);
  screen.show(answer, () => `${nodeId} drained`);
}

const confirmDeadWarning = (nodeId: string) =>
  `What is exclusive and ran on ${nodeId} is started elsewhere at once. If its machine is not off, it runs twice.`;

async function confirmDead({ client, screen }: Session, nodeId: string, flags: NodeFlags): Promise<void> {
  await confirmName(nodeId, flags.confirm, confirmDeadWarning(nodeId));
  const reason = flags.reason ?? "";
  const answer = await client.nodes.confirmDead({ nodeId, confirmNodeId: nodeId, reason });
  screen.show(answer, () => `${nodeId} confirmed dead; what ran there goes on elsewhere`);
}

async function drained(client: HoldfastClient, nodeId: string, quiet: boolean): Promise<void> {
  let bar: ReturnType<typeof progressBar> | undefined;
  let total = 0;
  try {
    for await (const { nodes = [], removedNodeIds = [] } of client.nodes.watch({ nodeId })) {
      if (removedNodeIds.includes(nodeId)) return;
      const node = nodes.find(({ id }) => id === nodeId);
      if (node === undefined) continue;
      if (node.drain === undefined)
        throw new HoldfastError("failedPrecondition", `the drain of ${nodeId} was ended by somebody else`);
      if (node.drain.finished === true) return;
      const left = node.drain.attemptsLeft ?? 0;
      total = Math.max(total, left);
      bar ??= progressBar("moved away", total, quiet);
      bar.update(total - left);
    }
  } finally {
    bar?.stop();
  }
}
