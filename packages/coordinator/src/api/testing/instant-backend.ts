/**
 * For tests of the API: a Backend whose writes are decided by the real core and count as committed at once. There is no
 * store, no lease and no agent behind it; those have tests of their own.
 */
import type { TaskLogsResponse } from "@holdfast/shared/contract/generated/holdfast/v1/TaskLogsResponse.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import { decide } from "../../core/decide.ts";
import type { CoordinatorEvent, NodeHello, Now, WriteAnswer, WriteKind, WriteRequest } from "../../core/event.ts";
import { explain } from "../../core/explain.ts";
import { Observation } from "../../core/observation.ts";
import { encodeRecord, type TaskRecord } from "../../core/record.ts";
import type { NodeSeries } from "../../core/series/node-series.ts";
import type { Period } from "../../core/series/window.ts";
import { defaultSettings } from "../../core/settings.ts";
import { State } from "../../core/state/state.ts";
import { Turn } from "../../core/turn.ts";
import type { ArchivedSeries, Resolution } from "../../store/archive.ts";
import { MemoryArchive } from "../../store/memory/memory-archive.ts";
import type {
  Backend,
  CommittedView,
  CoordinatorView,
  LeaderView,
  NodeStatus,
  OutputWish,
  Written,
} from "../backend.ts";
import { ChangeFeed } from "../change-feed.ts";
import { formatRevision } from "../revision.ts";
import { StateView } from "./state-view.ts";

const lineage = "h1";

export class InstantBackend implements Backend {
  readonly coordinatorId: string;
  readonly cell = "main";
  readonly version = "0.0.0-test";
  readonly exclusiveKillMs = 5_000;
  readonly changes: ChangeFeed;
  readonly state = new State(defaultSettings.agingMs);
  /** TaskSpecs of all tasks, ended ones too, as a store would keep them. */
  readonly bodies = new Map<string, string>();
  readonly tails = new Map<string, readonly TaskLogsResponse[]>();
  /** By node; a node without an entry cannot be asked. */
  readonly outputs = new Map<
    string,
    (wish: OutputWish, signal: AbortSignal) => AsyncIterable<readonly TaskLogsResponse[]>
  >();
  readonly series = new Map<string, NodeSeries>();
  readonly archive = new MemoryArchive();
  readonly steppedDown: string[] = [];
  leaderView: LeaderView | null;
  /** Thrown by the next read. */
  failure: Error | null = null;
  readonly #observation = new Observation(defaultSettings.stallMs, readClocks());
  #sequence = 0;

  constructor(coordinatorId: string, maxRecords = 10_000) {
    this.coordinatorId = coordinatorId;
    this.leaderView = { id: coordinatorId, address: "", epoch: 1 };
    this.changes = new ChangeFeed({ maxRecords });
    this.changes.reset({ lineage, sequence: 0 });
  }

  get revision(): string {
    return formatRevision({ lineage, sequence: this.#sequence });
  }

  isLeading(): boolean {
    return this.leaderView?.id === this.coordinatorId;
  }

  leader(): LeaderView | null {
    return this.leaderView;
  }

  async read<Result>(query: (view: CommittedView) => Result): Promise<Result> {
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
    return query(this.#view());
  }

  async write<Kind extends WriteKind>(request: WriteRequest<Kind>): Promise<Written<Kind>> {
    if (!this.isLeading())
      throw new HoldfastError("unavailable", "this coordinator does not lead", { retryAfterMs: 1 });
    const turn = this.turn({ kind: "write", callId: 1, request: request as WriteRequest });
    for (const effect of turn.effects) {
      if (effect.kind === "refuse") throw new HoldfastError(effect.code, effect.message, { fields: effect.fields });
      if (effect.kind === "answer") return { answer: effect.answer as WriteAnswer<Kind>, revision: this.revision };
    }
    throw new Error(`the core answered nothing to ${request.kind}`);
  }

  /** Decides an event and commits what follows. */
  turn(event: CoordinatorEvent): Turn {
    const turn = this.#turn();
    decide(turn, event);
    this.#commit(turn);
    return turn;
  }

  join(nodeId: string): void {
    this.turn({ kind: "hello", hello: helloOf(nodeId), seed: 1 });
  }

  /** Changes a task as if the core had decided so. */
  change(taskId: string, change: Partial<TaskRecord>): void {
    const task = this.state.findTask(taskId);
    if (task === undefined) throw new Error(`there is no task ${taskId}`);
    const turn = this.#turn();
    turn.putTask({ ...task, ...change });
    this.#commit(turn);
  }

  async stepDown(reason: string): Promise<void> {
    this.steppedDown.push(reason);
  }

  async coordinators(): Promise<readonly CoordinatorView[]> {
    const { coordinatorId: id, version, revision } = this;
    return [{ id, address: "", leads: this.isLeading(), reachable: true, revision, startedAtMs: 1, version }];
  }

  archived(nodeId: string, resolution: Resolution, { fromMs, toMs }: Period): Promise<readonly ArchivedSeries[]> {
    return this.archive.read(nodeId, resolution, fromMs, toMs);
  }

  async readBody(taskId: string): Promise<string | null> {
    return this.bodies.get(taskId) ?? null;
  }

  async readTail(taskId: string, attempt: number): Promise<readonly TaskLogsResponse[] | null> {
    return this.tails.get(`${taskId}.${attempt}`) ?? null;
  }

  output(nodeId: string, wish: OutputWish, signal: AbortSignal): AsyncIterable<readonly TaskLogsResponse[]> | null {
    return this.outputs.get(nodeId)?.(wish, signal) ?? null;
  }

  #turn(): Turn {
    return new Turn(this.state, this.#observation, defaultSettings, 1, readClocks());
  }

  #commit(turn: Turn): void {
    if (turn.recordCount === 0) return;
    for (const record of turn.records) {
      if (record.kind === "body" && record.value !== null) this.bodies.set(record.id, record.value);
    }
    this.#sequence += 1;
    this.changes.publish(this.#sequence, turn.records, turn.records.map(encodeRecord));
  }

  #view(): CommittedView {
    const now = readClocks();
    return new StateView(this.state, {
      revision: this.revision,
      asOfMs: now.wallMs,
      nowMs: now.wallMs,
      frozenReason: "",
      nodeStatus: (nodeId) => this.#nodeStatus(nodeId),
      seriesOf: (nodeId) => this.series.get(nodeId),
      explain: (task) => explain(this.state, this.#observation, defaultSettings, task, now),
    });
  }

  #nodeStatus(nodeId: string): NodeStatus {
    const slot = this.state.slots.get(nodeId);
    const promised = { cpuMillis: slot?.cpuMillis ?? 0, memoryBytes: slot?.memoryBytes ?? 0, counts: {} };
    return {
      state: "ready",
      reason: "",
      lastBeatAgeMs: 12.5,
      metrics: null,
      checks: [],
      promised,
      attempts: slot?.attempts.size ?? 0,
    };
  }
}

function readClocks(): Now {
  return { wallMs: Date.now(), steadyMs: performance.now() };
}

function helloOf(nodeId: string): NodeHello {
  return {
    nodeId,
    bootId: "b",
    instanceId: "i",
    highestEpoch: 0,
    nodeClass: "",
    labels: { zone: "a" },
    agentVersion: "0",
    inventory: {
      hostname: nodeId,
      os: "linux",
      kernel: "6",
      arch: "x64",
      cpuModel: "",
      cpuCores: 4,
      memoryBytes: 2 ** 33,
      swapBytes: 0,
      allocatable: { cpuMillis: 4_000, memoryBytes: 2 ** 32, counts: {} },
      gpus: [],
      manufacturer: "",
      model: "",
      virtualization: "",
    },
    attempts: [],
  };
}
