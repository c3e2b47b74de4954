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
import type {
  ClusterStatusResponse,
  SubmitTaskRequest,
  SubmitTaskResponse,
  Task,
  TaskSpec,
} from "@holdfast/shared/client/messages.ts";
import { taskHasEnded } from "@holdfast/shared/client/task-states.ts";
import { invoke, type UnaryMethod } from "@holdfast/shared/client/unary-call.ts";
import { clientCredentials } from "@holdfast/shared/tls.ts";
import { test } from "vitest";
import { EventRecord } from "./event-record.ts";
import { Traces } from "./traces.ts";
import { eventually, patienceMs } from "./waiting.ts";

/** After which a story has failed, early enough before vitest gives it up that its processes are ended in order. */
const storyMs = 120_000;
const scenarioMs = storyMs + 60_000;
const folderPrefix = "holdfast-scenario-";
const logLinesShown = 15;

type ScenarioOptions = Omit<ClusterOptions, "dataDir">;

/** Defines the test. */
export function scenario(name: string, options: ScenarioOptions, story: (scenario: Scenario) => Promise<void>): void {
  test(name, { timeout: scenarioMs }, async () => {
    await endAbandoned();
    const folder = mkdtempSync(join(tmpdir(), folderPrefix));
    try {
      await play(folder, options, story);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
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

export class Scenario {
  readonly cluster: RunningCluster;
  /** Knows every coordinator, as a client should. */
  readonly client: HoldfastClient;
  readonly events: EventRecord;
  readonly traces: Traces;
  readonly #parts: DisposableStack;

  constructor(cluster: RunningCluster, traces: Traces, parts: DisposableStack) {
    this.cluster = cluster;
    this.traces = parts.adopt(traces, (open) => open.close());
    this.#parts = parts;
    this.client = this.clientOf(cluster.coordinators);
    this.events = parts.adopt(new EventRecord(this.client), (record) => record.close());
  }

  /** A client that knows only these coordinators; closed with the scenario. */
  clientOf(members: readonly Member[], options: Partial<HoldfastClientOptions> = {}): HoldfastClient {
    const addresses = members.map(({ plan }) => plan.address ?? "");
    return this.#parts.use(new HoldfastClient({ addresses, ...options }));
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

  async submit(spec: TaskSpec, client = this.client): Promise<string> {
    return (await client.tasks.submit({ spec })).taskId ?? "";
  }

  /** One try at one coordinator. @throws HoldfastError its refusal */
  async submitOnce(connection: Connection, requestId: string, spec: TaskSpec): Promise<string> {
    const request: SubmitTaskRequest = { namespace: "default", requestId, spec };
    const call: UnaryMethod<SubmitTaskRequest, SubmitTaskResponse> = (to, ...rest) => to.tasks.Submit(...rest);
    return (await invoke(connection, call, request, patienceMs, undefined)).taskId ?? "";
  }

  /** The same task so many times, in one batch. */
  async submitMany(count: number, spec: TaskSpec): Promise<string[]> {
    const specs = Array.from({ length: count }, () => spec);
    return (await this.client.tasks.submitBatch({ specs })).taskIds ?? [];
  }

  async task(taskId: string, client = this.client): Promise<Task> {
    const { task } = await client.tasks.get({ taskId });
    if (task === undefined || task === null) throw new Error(`expected task ${taskId}, the answer has none`);
    return task;
  }

  /** Watches each task to its end; in the order of the ids. */
  async ends(taskIds: readonly string[], client = this.client): Promise<Task[]> {
    return Promise.all(taskIds.map((id) => this.taskThat("has ended", id, taskHasEnded, client)));
  }

  /** Watches the task until it is as wanted. */
  async taskThat(
    expected: string,
    taskId: string,
    wanted: (task: Task) => boolean,
    client = this.client,
  ): Promise<Task> {
    const deadline = AbortSignal.timeout(patienceMs * 2);
    let last: Task | undefined;
    try {
      for await (const { tasks = [] } of client.tasks.watch({ taskId }, deadline)) {
        last = tasks.at(-1) ?? last;
        const found = tasks.find(wanted);
        if (found !== undefined) return found;
      }
    } catch (error) {
      if (!deadline.aborted) throw error;
    }
    throw new Error(`expected that task ${taskId} ${expected}; it is ${JSON.stringify(last)}`);
  }

  /** Asks for the status until it is as wanted. */
  async statusThat(
    expected: string,
    wanted: (status: ClusterStatusResponse) => boolean,
    client = this.client,
  ): Promise<ClusterStatusResponse> {
    let last: ClusterStatusResponse | undefined;
    const look = async () => {
      last = await client.cluster.status();
      return wanted(last) ? last : undefined;
    };
    return eventually(`a status in which ${expected}`, look, { seen: () => JSON.stringify(last) });
  }

  logOf({ plan }: Member): string {
    return readFileSync(plan.logFile, "utf8");
  }
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
