/**
 * A test between hosts: a cluster in a lab, a client that knows all of it, its events from the beginning, tasks that write
 * a history, and what went wrong judged by it afterwards. All of it is gone at the end, also when the test has failed;
 * then the failure tells the last lines of every log.
 *
 *   laboratory("an agent is cut off", { agents: 3 }, async ({ cluster, network, events }) => { … });
 */
import { readFileSync } from "node:fs";
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import type { Task } from "@holdfast/shared/client/messages.ts";
import { expect, test } from "vitest";
import { ClientScene } from "../harness/client-scene.ts";
import { eventually } from "../harness/waiting.ts";
import { type CoordinatorDaemon, LabCluster, type LabOptions } from "./cluster/lab-cluster.ts";
import { checkHistory, type Verdict, violationsOf } from "./history/check-history.ts";
import { HearingWitness, lossSilenceMs } from "./history/hearing-witness.ts";
import { HistoryFolder } from "./history/history-folder.ts";
import { readHearings, readTraceLines, type Submission, type TraceLine } from "./history/records.ts";
import type { TraceFolder } from "./history/traced-task.ts";
import type { Network } from "./network/network.ts";
import { labIsImpossible } from "./network/requirements.ts";

/** After which a story has failed, early enough before vitest gives it up that all is ended in order. */
const storyMs = 150_000;
const laboratoryMs = storyMs + 90_000;
/** How long a client looks for somebody who accepts its task, if it must. */
const submissionMs = 60_000;

/** Defines the test, which is skipped where one is not root. */
export function laboratory(name: string, options: LabOptions, story: (lab: LabScene) => Promise<void>): void {
  const impossible = labIsImpossible();
  test(name, { timeout: laboratoryMs }, async ({ skip }) => {
    if (impossible !== null) skip(impossible);
    await using cluster = await LabCluster.start(options);
    using parts = new DisposableStack();
    const scene = new LabScene(cluster, parts);
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`expected the story to end within ${storyMs} ms`)), storyMs);
    parts.defer(() => clearTimeout(timer));
    try {
      await using _witness = new HearingWitness(cluster, scene.hearingsFile);
      await Promise.race([story(scene), late]);
    } catch (error) {
      if (error instanceof Error) error.message += `\n\n${scene.events.summary()}\n${cluster.lastLines()}`;
      throw error;
    }
  });
}

export class LabScene extends ClientScene {
  readonly cluster: LabCluster;
  readonly network: Network;
  readonly traces: TraceFolder;
  readonly hearingsFile: string;
  readonly #submissions: Submission[] = [];
  readonly #parts: DisposableStack;

  constructor(cluster: LabCluster, parts: DisposableStack) {
    super(parts.use(cluster.clientOf()), parts);
    this.cluster = cluster;
    this.network = cluster.network;
    const history = HistoryFolder.begin(cluster.folder);
    this.traces = history.traces;
    this.hearingsFile = history.hearingsFile;
    this.#parts = parts;
  }

  /** A client that knows only these coordinators; closed with the scene. */
  clientOf(coordinators: readonly CoordinatorDaemon[]): HoldfastClient {
    return this.#parts.use(this.cluster.clientOf(coordinators));
  }

  /** Tasks that wait at the gate, or run for so long; their ids. */
  async submitTraced(count: number, runMs: number | null = null, client = this.client): Promise<string[]> {
    const first = this.#submissions.length;
    const requests = Array.from({ length: count }, (_, index) => `request-${first + index}`);
    return Promise.all(
      requests.map(async (request) => {
        const spec = this.traces.spec({ request, exclusive: false, runMs });
        const { taskId = "" } = await client.tasks.submit({ requestId: request, spec }, { deadlineMs: submissionMs });
        this.#submissions.push({ request, taskId, exclusive: false });
        return taskId;
      }),
    );
  }

  /** Resolves when each of the tasks has written that it started, on a node as wanted; with these lines. */
  async started(taskIds: readonly string[], wanted: (line: TraceLine) => boolean = () => true): Promise<TraceLine[]> {
    return eventually(
      `${taskIds.length} tasks that have started`,
      () => {
        const starts = this.lines().filter((line) => line.what === "start" && wanted(line));
        const found = taskIds.map((id) => starts.find(({ taskId }) => taskId === id));
        return found.includes(undefined) ? undefined : (found as TraceLine[]);
      },
      { seen: () => JSON.stringify(this.lines()) },
    );
  }

  lines(): TraceLine[] {
    return readTraceLines(readFileSync(this.traces.historyFile, "utf8"));
  }

  /** Opens the gate, sees all tasks succeed, and has the history judged. */
  async everythingEndsWell(): Promise<Verdict> {
    this.traces.openGate();
    const ended = await this.ends(this.#submissions.map(({ taskId }) => taskId));
    const outcomes = ended.map(({ requestId = "", state, reason = "" }) => {
      return { request: requestId, succeeded: state === "TASK_STATE_SUCCEEDED", reason };
    });
    expect(ended.filter(({ state }) => state !== "TASK_STATE_SUCCEEDED").map(toldOf)).toEqual([]);
    const hearings = readHearings(readFileSync(this.hearingsFile, "utf8"));
    const submissions = this.#submissions;
    const verdict = checkHistory({ submissions, lines: this.lines(), outcomes, hearings, silenceMs: lossSilenceMs });
    expect(violationsOf(verdict), `what the history tells: ${JSON.stringify(verdict, null, 2)}`).toBe(0);
    expect(this.cluster.deaths, "nothing should have ended by itself").toEqual([]);
    return verdict;
  }

  /** Who leads as seen by `client`, as soon as somebody does, with an epoch above `above`. */
  async leader(above = 0, client = this.client): Promise<{ daemon: CoordinatorDaemon; epoch: number }> {
    return eventually(`a leader${above === 0 ? "" : ` with an epoch above ${above}`}`, async () => {
      const { leaderId = "", epoch = 0 } = await client.cluster.status();
      return leaderId === "" || epoch <= above ? undefined : { daemon: this.cluster.coordinator(leaderId), epoch };
    });
  }

  /** The coordinators other than this one. */
  others(than: CoordinatorDaemon): CoordinatorDaemon[] {
    return this.cluster.coordinators.filter((one) => one !== than);
  }
}

function toldOf({ id, state, reason }: Task): string {
  return `${id} is ${state}: ${reason}`;
}
