/** `holdfast up`: a whole cluster on this machine, in the foreground. */
import { constants } from "node:os";
import { relative } from "node:path";
import type { Command } from "commander";
import { type Colours, coloursFor } from "../format/colours.ts";
import { integer } from "../parse/flag.ts";
import { stayWhenReaderHasGone } from "../screen.ts";
import { type RunningCluster, startCluster } from "./running-cluster.ts";

interface UpFlags {
  readonly coordinators: number;
  readonly agents: number;
  readonly data: string;
  readonly redis?: string;
  readonly port: number;
  readonly fresh?: boolean;
}

export function registerUp(program: Command): void {
  program
    .command("up")
    .description("bring up a cluster on this machine")
    .option("--coordinators <count>", "how many coordinators", integer(1, 9), 3)
    .option("--agents <count>", "how many agents, each a node of its own", integer(0, 100), 3)
    .option("--data <folder>", "where everything is kept", ".holdfast")
    .option("--redis <url>", "use this Redis instead of one of its own; also redis+sentinel://")
    .option("--port <port>", "port of the first coordinator; the next free ones are taken", integer(1, 65_535), 7400)
    .option("--fresh", "begin with nothing: forget the tasks, nodes and output of earlier runs")
    .addHelpText(
      "after",
      `
Ctrl-C stops what it started, tasks included, and nothing else; what was running then runs again at the next start.
A process that dies is started again. Logs are in DATA/logs, the processes in DATA/cluster.json.

Examples:
  holdfast up
  holdfast up --agents 5 --fresh
  holdfast up --redis redis+sentinel://127.0.0.1:26379/mymaster`,
    )
    .action(up);
}

async function up(flags: UpFlags): Promise<void> {
  stayWhenReaderHasGone();
  const colours = coloursFor(process.stdout, process.env);
  const { signalled, abort } = firstSignal();
  console.log(colours.dim(`starting ${flags.coordinators} coordinators and ${flags.agents} agents …`));
  const cluster = await startUnlessSignalled(flags, colours, abort);
  if (cluster !== null) {
    console.log(summary(cluster, colours));
    await signalled;
    console.log(colours.dim("stopping; the data stays …"));
    await cluster.stop();
  }
  console.log("stopped");
  process.exit((await signalled) === "SIGINT" ? 0 : 128 + constants.signals[await signalled]);
}

/** Null when the person did not wait for it. */
async function startUnlessSignalled(
  flags: UpFlags,
  colours: Colours,
  abort: AbortSignal,
): Promise<RunningCluster | null> {
  try {
    return await startCluster({
      dataDir: flags.data,
      coordinators: flags.coordinators,
      agents: flags.agents,
      fresh: flags.fresh === true,
      redisUrl: flags.redis,
      firstPort: flags.port,
      metrics: true,
      tell: (message) => console.log(colours.yellow(message)),
      signal: abort,
    });
  } catch (error) {
    if (abort.aborted && error === abort.reason) return null;
    throw error;
  }
}

/** npm passes Ctrl-C on to a process that the terminal has told already: what comes so soon is no second wish. */
const sameWishMs = 500;

/** The first signal that asks for the end. The second ends this process at once; the next start ends what it leaves. */
function firstSignal() {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const controller = new AbortController();
  let firstMs = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) {
        if (performance.now() - firstMs > sameWishMs) process.exit(128 + constants.signals[signal]);
        return;
      }
      firstMs = performance.now();
      controller.abort();
      resolve(signal);
    });
  }
  return { signalled: promise, abort: controller.signal };
}

function summary(cluster: RunningCluster, colours: Colours): string {
  const { addresses, coordinators, agents, redisUrl, layout } = cluster;
  const metrics = [...coordinators, ...agents].map(({ plan }) => `http://${plan.metricsAddress}/metrics`);
  const line = (name: string, value: string): string => `  ${colours.dim(name.padEnd(14))}${value}`;
  const command = (words: string, meaning: string): string => `  ${words.padEnd(52)}${colours.dim(meaning)}`;
  const holdfast = "scripts/holdfast";
  return [
    "",
    line("coordinators", addresses.join("  ")),
    line("agents", agents.map(({ id }) => id).join("  ")),
    line("redis", redisUrl.replace(/\/\/[^@/]*@/, "//…@")),
    line("metrics", `${metrics[0]} and ${metrics.length - 1} more, in cluster.json`),
    line("data and logs", relative(process.cwd(), layout.dataDir) || "."),
    "",
    "In another terminal:",
    command(`${holdfast} run -- echo hello`, "run a command, see its output"),
    command(`${holdfast} submit --retries 3 -- sleep 60`, "submit a task"),
    command(`${holdfast} ps`, "see what waits and runs"),
    command(`${holdfast} status`, "the cluster at a glance"),
    command(`${holdfast} demo`, "kill a node and the leader, lose nothing"),
    "",
    "Ctrl-C stops it.",
    colours.green("ready"),
  ].join("\n");
}
