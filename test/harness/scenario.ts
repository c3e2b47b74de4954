/**
 * A test on real processes: a cluster in a temporary folder, a client that knows all of it, its events from the beginning,
 * and tasks that leave traces. All of it is gone afterwards, also when the test has failed; then the failure tells the last
 * lines of every daemon's log.
 *
 *   scenario("a leader dies", { agents: 2 }, async ({ cluster, client, events, traces }) => { … });
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readClusterFile, stopLeftovers } from "@holdfast/cli/up/cluster-file.ts";
import type { Member } from "@holdfast/cli/up/member.ts";
import { processStatus } from "@holdfast/cli/up/process-identity.ts";
import { type ClusterOptions, type RunningCluster, startCluster } from "@holdfast/cli/up/running-cluster.ts";
import { Connection } from "@holdfast/shared/client/connection.ts";
import { HoldfastClient, type HoldfastClientOptions } from "@holdfast/shared/client/holdfast-client.ts";
import type { SubmitTaskRequest, SubmitTaskResponse, TaskSpec } from "@holdfast/shared/client/messages.ts";
import { invoke, type UnaryMethod } from "@holdfast/shared/client/unary-call.ts";
import { clientCredentials } from "@holdfast/shared/tls.ts";
import { test } from "vitest";
import { ClientScene } from "./client-scene.ts";
import { Traces } from "./traces.ts";
import { eventually, patienceMs } from "./waiting.ts";

/** After which a story has failed, early enough before vitest gives it up that its processes are ended in order. */
const storyMs = 120_000;
export const scenarioMs = storyMs + 60_000;
const folderPrefix = "holdfast-scenario-";
const logLinesShown = 15;

export type ScenarioOptions = Omit<ClusterOptions, "dataDir">;

/** Defines the test. */
export function scenario(name: string, options: ScenarioOptions, story: (scenario: Scenario) => Promise<void>): void {
  test(name, { timeout: scenarioMs }, () => playScenario(options, story));
}

/** For a test that has to prepare something for its cluster first; it needs `scenarioMs` and that time. */
export async function playScenario(
  options: ScenarioOptions,
  story: (scenario: Scenario) => Promise<void>,
): Promise<void> {
  await endAbandoned();
  const folder = mkdtempSync(join(tmpdir(), folderPrefix));
  try {
    await play(folder, options, story);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(folder: string, options: ScenarioOptions, story: (scenario: Scenario) => Promise<void>) {
  const dataDir = join(folder, "cluster");
  await using cluster = await startCluster({ dataDir, readyWithinMs: patienceMs * 2, ...options });
  using parts = new DisposableStack();
  const scene = new Scenario(cluster, new Traces(join(folder, "traces")), parts);
  try {
    await inTime(story(scene), parts);
  } catch (error) {
    if (error instanceof Error) error.message += `\n\n${scene.events.summary()}\n${lastLines(cluster)}`;
    throw error;
  }
}

async function inTime(story: Promise<void>, parts: DisposableStack): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`expected the story to end within ${storyMs} ms`)), storyMs);
  parts.defer(() => clearTimeout(timer));
  await Promise.race([story, late]);
}

/** Ends what test runs that were stopped in the middle have left: their workers are killed, and cannot do it themselves. */
async function endAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(folderPrefix))) {
    const folder = join(tmpdir(), name);
    const left = readClusterFile(join(folder, "cluster", "cluster.json"));
    if (left === null || processStatus(left.upPid) !== null) continue;
    await stopLeftovers(left);
    rmSync(folder, { recursive: true, force: true });
  }
}

export class Scenario extends ClientScene {
  readonly cluster: RunningCluster;
  readonly traces: Traces;
  readonly #parts: DisposableStack;

  constructor(cluster: RunningCluster, traces: Traces, parts: DisposableStack) {
    super(parts.use(clientOf(cluster.coordinators)), parts);
    this.cluster = cluster;
    this.traces = parts.adopt(traces, (open) => open.close());
    this.#parts = parts;
  }

  /** A client that knows only these coordinators; closed with the scenario. */
  clientOf(members: readonly Member[], options: Partial<HoldfastClientOptions> = {}): HoldfastClient {
    return this.#parts.use(clientOf(members, options));
  }

  /** For calls that go to this coordinator and are tried once: a refusal is the coordinator's own. */
  connectionTo({ plan }: Member): Connection {
    return this.#parts.adopt(new Connection(plan.address ?? "", clientCredentials(null)), (open) => open.close());
  }

  /** Who leads as seen by `client`, as soon as somebody does: its process and its epoch. */
  async leader(client = this.client): Promise<{ member: Member; epoch: number }> {
    return eventually("a leader", async () => {
      const { leaderId = "", epoch = 0 } = await client.cluster.status();
      return leaderId === "" ? undefined : { member: this.cluster.coordinator(leaderId), epoch };
    });
  }

  /** The coordinators that do not lead. */
  async standbys(): Promise<Member[]> {
    const { member } = await this.leader();
    return this.cluster.coordinators.filter((one) => one !== member);
  }

  /** Resolves when another epoch leads; with its leader. */
  async nextLeader(before: number, client = this.client): Promise<{ member: Member; epoch: number }> {
    return eventually(`a leader with an epoch above ${before}`, async () => {
      const found = await this.leader(client);
      return found.epoch > before ? found : undefined;
    });
  }

  /** One try at one coordinator. @throws HoldfastError its refusal */
  async submitOnce(connection: Connection, requestId: string, spec: TaskSpec): Promise<string> {
    const request: SubmitTaskRequest = { namespace: "default", requestId, spec };
    const call: UnaryMethod<SubmitTaskRequest, SubmitTaskResponse> = (to, ...rest) => to.tasks.Submit(...rest);
    return (await invoke(connection, call, request, patienceMs, undefined)).taskId ?? "";
  }

  logOf({ plan }: Member): string {
    return readFileSync(plan.logFile, "utf8");
  }
}

function clientOf(members: readonly Member[], options: Partial<HoldfastClientOptions> = {}): HoldfastClient {
  return new HoldfastClient({ addresses: members.map(({ plan }) => plan.address ?? ""), ...options });
}

function lastLines({ coordinators, agents, redis }: RunningCluster): string {
  const members: readonly Member[] = [...coordinators, ...agents, ...(redis === null ? [] : [redis])];
  return members
    .map(({ id, plan }) => {
      const lines = readFileSync(plan.logFile, "utf8").trimEnd().split("\n").slice(-logLinesShown);
      return [`the last lines of ${id}:`, ...lines.map((line) => `  ${line}`)].join("\n");
    })
    .join("\n");
}
