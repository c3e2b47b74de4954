/**
 * The plot: submit, kill the node that runs most with its tasks, kill the leader while many tasks are unfinished, and
 * watch all of them end. What is waited for is seen in the tasks' traces or told by the cluster.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { type Casting, chooseNodes } from "./casting.ts";
import type { Narrator } from "./narrator.ts";
import type { DemoResult } from "./result.ts";
import type { Stage } from "./stage.ts";
import { Story } from "./story.ts";
import { countsText, distribution, openRuns, type Rerun, reruns, tally, unfinished } from "./tally.ts";
import { readTraces } from "./traces.ts";
import { type DemoTask, demoTasks } from "./workload.ts";

export interface ShowOptions {
  readonly tasks: number;
  readonly taskTimeMs: number;
  readonly traceFolder: string;
  readonly signal: AbortSignal;
}

const lookEveryMs = 50;
/** A cluster with room starts all tasks in this time; where others are in the way, those that run must do. */
const allStartedWithinMs = 3_000;
const enoughRunningWithinMs = 30_000;
/** A task that is so near its end when its node is killed may have ended without its report having come through. */
const clearOfEndMs = 500;
const aMinuteMs = 60_000;
/** A longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** @throws HoldfastError failedPrecondition when the cluster is not fit for it */
export async function playShow(
  stage: Stage,
  client: HoldfastClient,
  narrator: Narrator,
  options: ShowOptions,
): Promise<DemoResult> {
  const ending = new AbortController();
  const patience = AbortSignal.timeout(Math.min(longestTimerMs, aMinuteMs + 10 * options.taskTimeMs));
  const signal = AbortSignal.any([options.signal, ending.signal, patience]);
  const show = new Show(stage, client, narrator, { ...options, signal });
  try {
    return await show.play();
  } catch (error) {
    if (!patience.aborted || options.signal.aborted) throw error;
    throw new HoldfastError("deadlineExceeded", "the tasks did not end in time", { cause: error });
  } finally {
    ending.abort();
    narrator.stop();
  }
}

/** How many must run on the node that is killed, and must be unfinished when the leader is: 10 of 60. */
function enoughOf(tasks: number): number {
  return Math.min(10, Math.floor(tasks / 6));
}

interface NodeLoss {
  readonly nodeId: string;
  readonly taskNames: readonly string[];
  readonly killedAtMs: number;
  readonly detectedMs: number;
}

interface LeaderLoss {
  readonly leaderId: string;
  readonly successorId: string;
  readonly unfinished: number;
  readonly failoverMs: number;
}

class Show {
  readonly #stage: Stage;
  readonly #client: HoldfastClient;
  readonly #narrator: Narrator;
  readonly #options: ShowOptions;
  readonly #story: Story;
  readonly #enough: number;
  #tasks: readonly DemoTask[] = [];
  /** Rejects when something that goes on beside the plot fails; never resolves. */
  readonly #besides = Promise.withResolvers<never>();

  constructor(stage: Stage, client: HoldfastClient, narrator: Narrator, options: ShowOptions) {
    this.#stage = stage;
    this.#client = client;
    this.#narrator = narrator;
    this.#options = options;
    this.#story = new Story(client, options.signal);
    this.#enough = enoughOf(options.tasks);
    this.#besides.promise.catch(() => {});
  }

  async play(): Promise<DemoResult> {
    const casting = await chooseNodes(this.#client, this.#stage, this.#options.tasks);
    const { batchId, submittedAtMs } = await this.#submit(casting);
    const succeeded = this.#beside(this.#story.succeeded(batchId, (ended) => this.#narrator.ended(ended)));
    try {
      const node = await this.#loseNode(await this.#victim());
      const leader = await this.#loseLeader(node);
      const result = await Promise.race([succeeded, this.#besides.promise]);
      const durationMs = Date.now() - submittedAtMs;
      this.#narrator.tell(`all ${this.#tasks.length} tasks have ended`);
      return this.#result(result, node, leader, durationMs);
    } catch (error) {
      await this.#cancel(batchId);
      throw error;
    }
  }

  async #submit({ nodeIds, cpuMillis }: Casting) {
    const { tasks: count, taskTimeMs, traceFolder, signal } = this.#options;
    this.#tasks = demoTasks({ tasks: count, taskTimeMs, traceFolder, nodeIds, cpuMillis });
    this.#narrator.begin(count);
    const submittedAtMs = Date.now();
    const specs = this.#tasks.map(({ spec }) => spec);
    const { batchId = "", revision = "" } = await this.#client.tasks.submitBatch({ specs }, { signal });
    const [shortest, longest] = [this.#tasks[0], this.#tasks[3]].map((task) => (task?.runMs ?? 0) / 1_000);
    this.#narrator.tell(`${count} tasks submitted, of ${shortest} to ${longest} s each`);
    this.#beside(this.#story.followEvents(revision));
    return { batchId, submittedAtMs };
  }

  /** The node that runs most of them, at a moment when none of its tasks is near its end. */
  async #victim(): Promise<string> {
    const beganAtMs = Date.now();
    const runMs = new Map(this.#tasks.map(({ name, runMs: time }) => [name, time]));
    const chosen = await this.#until(() => {
      const open = openRuns(readTraces(this.#options.traceFolder));
      const running = [...open.values()].reduce((sum, runs) => sum + runs.length, 0);
      const waitedMs = Date.now() - beganAtMs;
      if (waitedMs > enoughRunningWithinMs) throw tooFewRun(this.#enough);
      if (running < this.#tasks.length && waitedMs < allStartedWithinMs) return null;
      const [nodeId = "", runs = []] = [...open].sort(([, one], [, other]) => other.length - one.length)[0] ?? [];
      const nearEnd = runs.some(({ name, start }) => {
        return start.atMs + (runMs.get(name) ?? 0) - Date.now() < clearOfEndMs;
      });
      return runs.length < this.#enough || nearEnd ? null : { nodeId, open };
    });
    const places = [...chosen.open].flatMap(([nodeId, runs]) => runs.map(() => nodeId));
    this.#narrator.tell(`${places.length} run: ${countsText(places)}`);
    return chosen.nodeId;
  }

  async #loseNode(nodeId: string): Promise<NodeLoss> {
    const { red } = this.#narrator.colours;
    const lost = this.#story.next(({ kind, subject }) => kind === "node.lost" && subject === nodeId);
    const { atMs, processes } = await this.#stage.killNode(nodeId);
    const names = (openRuns(readTraces(this.#options.traceFolder)).get(nodeId) ?? []).map(({ name }) => name);
    const killed = `agent and ${processes} processes of its ${names.length} tasks`;
    this.#narrator.tell(red(`✗ killed ${nodeId}: ${killed}`), atMs);
    this.#story.told = (text, eventAtMs) => this.#narrator.tellConsequence(text, atMs, eventAtMs);
    this.#beside(this.#story.followSuspicion(nodeId));
    const event = await Promise.race([lost, this.#besides.promise]);
    return { nodeId, taskNames: names, killedAtMs: atMs, detectedMs: (event.atMs ?? Date.now()) - atMs };
  }

  /** When all tasks of the lost node run again, or before, when hardly enough are left that have not ended. */
  async #loseLeader(node: NodeLoss): Promise<LeaderLoss> {
    const again = await this.#until(() => {
      const seen = this.#reruns(node);
      const isShort = this.#unfinished().length <= this.#enough + Math.ceil(this.#tasks.length / 10);
      return seen.length === node.taskNames.length || isShort ? seen : null;
    });
    const places = countsText(again.map(({ nodeId }) => nodeId));
    const text = `${again.length} of its ${node.taskNames.length} tasks run again: ${places || "none"}`;
    this.#narrator.tellConsequence(text, node.killedAtMs);

    const { leaderId = "" } = await this.#client.cluster.status({}, { signal: this.#options.signal });
    const elected = this.#story.next(({ kind }) => kind === "leader.elected");
    const left = this.#unfinished().length;
    if (left < this.#enough) throw endedTooSoon(left);
    const killedAtMs = this.#stage.killCoordinator(leaderId);
    this.#narrator.tell(
      this.#narrator.colours.red(`✗ killed ${leaderId}, the leader; ${left} tasks are unfinished`),
      killedAtMs,
    );
    this.#story.told = (event, atMs, about) =>
      this.#narrator.tellConsequence(event, about === node.nodeId ? node.killedAtMs : killedAtMs, atMs);
    const { subject = "", atMs = Date.now() } = await Promise.race([elected, this.#besides.promise]);
    this.#stage.letUp();
    return { leaderId, successorId: subject, unfinished: left, failoverMs: atMs - killedAtMs };
  }

  #result(succeeded: number, node: NodeLoss, leader: LeaderLoss, durationMs: number): DemoResult {
    const elsewhere = distribution(this.#reruns(node).map(({ afterMs }) => afterMs));
    if (elsewhere === null) throw new HoldfastError("internal", `no task of ${node.nodeId} was run again`);
    return {
      tasks: this.#tasks.length,
      succeeded,
      ...tally(this.#names(), readTraces(this.#options.traceFolder)),
      killedNode: node.nodeId,
      tasksOnKilledNode: node.taskNames.length,
      nodeLossDetectedMs: node.detectedMs,
      tasksRunningElsewhereMs: elsewhere,
      killedLeader: leader.leaderId,
      newLeader: leader.successorId,
      unfinishedAtLeaderKill: leader.unfinished,
      leaderFailoverMs: leader.failoverMs,
      durationMs,
    };
  }

  #names(): string[] {
    return this.#tasks.map(({ name }) => name);
  }

  #unfinished(): string[] {
    return unfinished(this.#names(), readTraces(this.#options.traceFolder));
  }

  #reruns({ taskNames, nodeId, killedAtMs }: NodeLoss): Rerun[] {
    return reruns(taskNames, readTraces(this.#options.traceFolder), nodeId, killedAtMs);
  }

  /** What the demo leaves behind of its tasks in a cluster that goes on. */
  async #cancel(batchId: string): Promise<void> {
    if (this.#stage.isOwn) return;
    await this.#client.tasks.cancel({ filter: { batchId }, reason: "the demo was broken off" });
  }

  #beside<Value>(work: Promise<Value>): Promise<Value> {
    work.catch((error: unknown) => this.#besides.reject(error));
    return work;
  }

  async #until<Value>(look: () => Value | null): Promise<Value> {
    for (;;) {
      const seen = look();
      if (seen !== null) return seen;
      await Promise.race([sleep(lookEveryMs, undefined, { signal: this.#options.signal }), this.#besides.promise]);
    }
  }
}

function tooFewRun(enough: number): HoldfastError {
  const remedy = "see `holdfast ps` for what else keeps it busy, or give the demo a cluster of its own with --own";
  return new HoldfastError(
    "failedPrecondition",
    `no node came to run ${enough} of the demo's tasks within ${enoughRunningWithinMs / 1_000} s; ${remedy}`,
  );
}

function endedTooSoon(left: number): HoldfastError {
  return new HoldfastError(
    "failedPrecondition",
    `only ${left} tasks were left when it was the leader's turn to be killed; give them longer with --task-time`,
  );
}
