/** `holdfast demo`: a cluster loses a node and its leader before your eyes, and no task. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { type Command, Option } from "commander";
import { coloursFor } from "../format/colours.ts";
import { duration, integer, oneOf } from "../parse/flag.ts";
import { Screen } from "../screen.ts";
import { UsageError } from "../usage-error.ts";
import { findRunningCluster, isRunning } from "./find-running.ts";
import { Narrator } from "./narrator.ts";
import { isPerfect, resultText } from "./result.ts";
import { playShow } from "./show.ts";
import { abandonCluster, Stage } from "./stage.ts";

interface DemoFlags {
  readonly own?: boolean;
  readonly data?: string;
  readonly tasks: number;
  readonly taskTime: number;
  readonly keep?: boolean;
  readonly json?: boolean;
  readonly output?: "table" | "json";
}

const namespace = "demo";

const help = `
Submits tasks that sleep for some seconds, kills (-9) the node that runs most of them together with its tasks, then the
leader, tells what the cluster notices and does, and sums up. It plays on the cluster that \`holdfast up\` runs in
.holdfast of this folder or one above it, whose killed members come back, else on one of its own in a
temporary folder, which it removes. The tasks are in the namespace "demo".

With --json the last line is one object:
  tasks, succeeded               by the cluster
  lost, ranTwiceToCompletion     tasks that came to their end never, or more than once, by files which they wrote
  nodeLossDetectedMs             from the kill to the cluster's event node.lost
  tasksRunningElsewhereMs        p50 and max, from the kill to the task's first own line on another node
  leaderFailoverMs               from the kill to the next leader's event leader.elected
  killedNode, tasksOnKilledNode, killedLeader, newLeader, unfinishedAtLeaderKill, durationMs

Exit code 0: every task succeeded, and none ran to completion twice. Else 1; 130 after Ctrl-C.

Examples:
  holdfast demo
  holdfast demo --own --json
  holdfast demo --tasks 200 --task-time 8s`;

export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("see a cluster lose a node and its leader, and no task")
    .option("--own", "on a cluster of its own, even where one runs")
    .option("--data <folder>", "on the cluster that `holdfast up --data` runs in this folder")
    .option("--tasks <count>", "how many tasks", integer(12, 500), 60)
    .addOption(
      new Option("--task-time <duration>", "of the shortest task; the longest takes 1.6 times as long")
        .argParser(duration)
        .default(5_000, "5s"),
    )
    .option("--keep", "keep what the tasks wrote, and the logs of a cluster of its own")
    .option("--json", "the result as one JSON object, the last line; what happens goes to standard error")
    .addOption(new Option("-o, --output <form>", "table or json, which is --json").argParser(oneOf(["table", "json"])))
    .addHelpText("after", help)
    .action((_flags: unknown, command: Command) => demo(command.optsWithGlobals<DemoFlags>()));
}

async function demo(flags: DemoFlags): Promise<void> {
  const screen = new Screen(flags.json === true || flags.output === "json");
  const stream = screen.json ? process.stderr : process.stdout;
  const narrator = new Narrator(stream, coloursFor(stream, process.env));
  const runningDir = runningCluster(flags);
  const interruption = onFirstSignal((signal) => narrator.say(`${signal}: cleaning up …`));
  const folder = mkdtempSync(join(tmpdir(), "holdfast-demo-"));
  let keeps = flags.keep === true;
  const onExit = (): void => {
    abandonCluster(ownClusterIn(folder));
    remove(folder);
  };
  // Also when nobody reads any more what it tells (`| head`), which ends this process.
  process.once("exit", onExit);
  try {
    const isGood = await play({ flags, screen, narrator, folder, runningDir, signal: interruption.signal });
    keeps ||= !isGood;
    process.exitCode = isGood ? 0 : 1;
  } catch (error) {
    const { caught } = interruption;
    if (caught === null) {
      keeps = true;
      throw error;
    }
    process.exitCode = 128 + constants.signals[caught];
  } finally {
    if (keeps) narrator.say(`what happened is kept in ${folder}`);
    else remove(folder);
    process.off("exit", onExit);
    interruption.stop();
  }
}

function ownClusterIn(folder: string): string {
  return join(folder, "cluster");
}

/** Processes that were just killed may still have written. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

interface Setting {
  readonly flags: DemoFlags;
  readonly screen: Screen;
  readonly narrator: Narrator;
  readonly folder: string;
  /** Null: there is to be one of the demo's own. */
  readonly runningDir: string | null;
  readonly signal: AbortSignal;
}

/** @returns whether all went well */
async function play({ flags, screen, narrator, folder, runningDir, signal }: Setting): Promise<boolean> {
  const traceFolder = join(folder, "traces");
  mkdirSync(traceFolder);
  const stage = await openStage(ownClusterIn(folder), runningDir, narrator, signal);
  try {
    using client = new HoldfastClient({ addresses: stage.addresses, namespace });
    const { tasks, taskTime: taskTimeMs } = flags;
    const result = await playShow(stage, client, narrator, { tasks, taskTimeMs, traceFolder, signal });
    if (!stage.isOwn) {
      await stage.whole(signal);
      narrator.tell(`${result.killedNode} and ${result.killedLeader} are back`);
    }
    if (screen.json) screen.line(result);
    else screen.print(`\n${resultText(result, screen.colours)}`);
    return isPerfect(result);
  } finally {
    await stage.close();
  }
}

async function openStage(
  ownDir: string,
  runningDir: string | null,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<Stage> {
  const { dim } = narrator.colours;
  if (runningDir !== null) {
    narrator.say(dim(`on the cluster that runs in ${runningDir}`));
    return Stage.running(runningDir);
  }
  narrator.say(dim("starting a cluster: 3 coordinators, 3 agents and a Redis of its own …"));
  return await Stage.ofItsOwn(ownDir, signal);
}

/** @throws UsageError when the given folder has no cluster that runs */
function runningCluster({ own, data }: DemoFlags): string | null {
  if (own === true && data !== undefined) throw new UsageError("--own and --data contradict each other; give one");
  if (own === true) return null;
  if (data === undefined) return findRunningCluster(process.cwd());
  if (!isRunning(data))
    throw new UsageError(`--data: no cluster runs in ${data}; \`holdfast up --data ${data}\` starts one`);
  return resolve(data);
}

interface Interruption {
  readonly signal: AbortSignal;
  /** What asked for the end, if something did. */
  readonly caught: NodeJS.Signals | null;
  stop(): void;
}

/** Further signals change nothing: the clean-up takes seconds, and without it the cluster would be left behind. */
function onFirstSignal(tell: (signal: NodeJS.Signals) => void): Interruption {
  const controller = new AbortController();
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  let caught: NodeJS.Signals | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (caught !== null) return;
    caught = signal;
    tell(signal);
    controller.abort();
  };
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get caught() {
      return caught;
    },
    stop() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
