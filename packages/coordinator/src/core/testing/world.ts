/** A small world around the core for its tests: nodes that beat, clients that write, and a clock that is moved by hand. */
import { decide } from "../decide.ts";
import type { CoordinatorEffect } from "../effect.ts";
import type {
  AttemptNews,
  CoordinatorEvent,
  Election,
  NewTask,
  NodeLoad,
  PeerHearing,
  WriteAnswer,
  WriteKind,
  WriteRequest,
} from "../event.ts";
import { noteLeaving } from "../exclusive/grants.ts";
import { type Explanation, explain } from "../explain.ts";
import { hear, Observation } from "../observation.ts";
import { decodeRecord, encodeRecord, type ResourceAmounts, type TaskRecord } from "../record.ts";
import { defaultSettings } from "../settings.ts";
import { apply, State } from "../state/state.ts";
import { Turn } from "../turn.ts";

type Told<Kind> = Extract<CoordinatorEffect, { kind: Kind }>;
type TaskWish = Partial<NewTask> & { readonly namespace?: string; readonly requestId?: string };
type News = Partial<AttemptNews> & Pick<AttemptNews, "taskId" | "state">;

const tickMs = 100;
/** Of a leader that has no reason to doubt the storage. */
const election = Object.freeze({
  epoch: 1,
  leaderId: "leader",
  firstSequence: 1,
  serverId: "server",
  metEpoch: 0,
  ownOrphans: 0,
});

export class World {
  readonly state = new State(defaultSettings.agingMs);
  /** A standby's: made from the committed lines alone. */
  readonly replica = new State(defaultSettings.agingMs);
  #now = { wallMs: 1_700_000_000_000, steadyMs: 1_000 };
  readonly observation = new Observation(defaultSettings.stallMs, this.#now);
  readonly #beating = new Map<string, number>();
  #told: CoordinatorEffect[] = [];
  #calls = 0;
  #tasks = 0;
  #open: Turn | null = null;
  #epoch: number = election.epoch;

  constructor() {
    this.elect();
  }

  /** On the steady clock. */
  get nowMs(): number {
    return this.#now.steadyMs;
  }

  /** Another leadership begins, with this observation; nobody has said Hello to it yet. */
  elect(over: Partial<Election> = {}): void {
    const elected = { ...election, ...over };
    this.#epoch = elected.epoch;
    this.event({ kind: "elected", election: elected });
  }

  /** Decides one event in a turn of its own, committed at once. */
  event(event: CoordinatorEvent): void {
    const turn = this.#open ?? new Turn(this.state, this.observation, defaultSettings, this.#epoch, this.#now);
    decide(turn, event);
    decide(turn, { kind: "place", seed: 1 });
    noteLeaving(this.observation, turn.effects, this.#now);
    this.#told.push(...turn.effects.splice(0));
    if (this.#open === null) for (const record of turn.records) apply(this.replica, decodeRecord(encodeRecord(record)));
  }

  write<Kind extends WriteKind>(request: WriteRequest<Kind>): WriteAnswer<Kind> {
    this.#calls += 1;
    const callId = this.#calls;
    this.event({ kind: "write", callId, request: request as WriteRequest });
    for (const effect of this.#told) {
      if (effect.kind === "answer" && effect.callId === callId) return effect.answer as WriteAnswer<Kind>;
      if (effect.kind === "refuse" && effect.callId === callId) throw new Error(`${effect.code} ${effect.message}`);
    }
    throw new Error("the write was not answered");
  }

  submit(wish: TaskWish): string {
    const { namespace = "default", requestId = "", ...rest } = wish;
    return this.write<"submit">({ kind: "submit", namespace, requestId, task: this.#newTask(rest) }).taskId;
  }

  submitBatch(
    wishes: readonly TaskWish[],
    allowPartial: boolean,
    over: { batchId?: string; requestId?: string; bodyHash?: string } = {},
  ): WriteAnswer<"submitBatch"> {
    const items = wishes.map((wish) => this.#newTask(wish));
    const batch = {
      batchId: `b${this.#tasks}`,
      adds: false,
      allowPartial,
      items,
      bodyHash: "",
      requestId: "",
      ...over,
    };
    return this.write<"submitBatch">({ kind: "submitBatch", namespace: "default", ...batch });
  }

  join(
    nodeId: string,
    load: Partial<NodeLoad> = {},
    attempts: readonly News[] = [],
    offered: Partial<ResourceAmounts> = {},
    bootId = "boot",
    highestEpoch = 1,
  ): void {
    const allocatable = { cpuMillis: 8_000, memoryBytes: 2 ** 34, counts: {}, ...offered };
    const machine = { hostname: nodeId, os: "linux", kernel: "6", arch: "x64", cpuModel: "", cpuCores: 8 };
    const rest = { memoryBytes: 2 ** 34, swapBytes: 0, gpus: [], manufacturer: "", model: "", virtualization: "" };
    const inventory = this.state.nodes.get(nodeId)?.inventory ?? { ...machine, ...rest, allocatable };
    const agent = { bootId, instanceId: `${nodeId}-agent`, agentVersion: "1", nodeClass: "default" };
    const news = attempts.map(newsOf);
    const hello = { nodeId, ...agent, highestEpoch, labels: {}, inventory, attempts: news };
    this.#beating.set(nodeId, 0);
    hear(this.observation, { kind: "joined", nodeId, instanceId: hello.instanceId }, this.#now);
    const measured = { cpuUsed: 0, memoryUsedBytes: 0, ...load };
    hear(this.observation, { kind: "load", nodeId, load: measured, samples: [] }, this.#now);
    this.event({ kind: "hello", hello, seed: 1 });
  }

  report(nodeId: string, news: News): void {
    this.event({ kind: "reports", nodeId, reports: [newsOf(news)], seed: 1 });
  }

  /** The node's agent stops beating. */
  silence(nodeId: string): void {
    this.#beating.delete(nodeId);
  }

  peer(coordinatorId: string, view: Partial<PeerHearing> & Pick<PeerHearing, "silentNodeIds" | "steadyForMs">): void {
    const hearing = { coordinatorId, lineage: "log", reconciledEpoch: 0, ...view };
    hear(this.observation, { kind: "peer", hearing }, this.#now);
  }

  /** A beat of the node comes through another coordinator. */
  relayBeat(nodeId: string, through: string): void {
    hear(this.observation, { kind: "relayed", nodeId, through }, this.#now);
  }

  hearObstacle(reason: string): void {
    hear(this.observation, { kind: "exclusiveObstacle", reason }, this.#now);
  }

  /** Time passes tick by tick, with the beats of all nodes that are not silent. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += tickMs) {
      this.#advance(tickMs);
      for (const [nodeId, sequence] of this.#beating) {
        this.#beating.set(nodeId, sequence + 1);
        hear(this.observation, { kind: "beat", nodeId, sequence: sequence + 1 }, this.#now);
      }
      this.tick();
    }
  }

  tick(): void {
    hear(this.observation, { kind: "turned" }, this.#now);
    this.event({ kind: "tick" });
  }

  /** The coordinator hangs: time passes, and nothing is heard or looked at. */
  stall(ms: number): void {
    this.#advance(ms);
  }

  task(id: string): TaskRecord {
    const task = this.state.findTask(id);
    if (task === undefined) throw new Error(`task ${id} is not kept`);
    return task;
  }

  explain(id: string): Explanation {
    return explain(this.state, this.observation, defaultSettings, this.task(id), this.#now);
  }

  nodeOf(id: string): string {
    return this.task(id).attempts.at(-1)?.nodeId ?? "";
  }

  told<Kind extends CoordinatorEffect["kind"]>(kind: Kind): Told<Kind>[] {
    return this.#told.filter((effect): effect is Told<Kind> => effect.kind === kind);
  }

  forgetTold(): void {
    this.#told = [];
  }

  events(): string[] {
    return [...this.state.events.values()].map(({ kind, subject }) => `${kind} ${subject}`);
  }

  /** What `act` does is decided in one turn, which is then undone. */
  undone(act: () => void): void {
    this.#open = new Turn(this.state, this.observation, defaultSettings, this.#epoch, this.#now);
    act();
    this.#open.undo();
    this.#open = null;
  }

  /** Everything durable, and what is derived from it and must not drift. */
  snapshot(state: State = this.state): unknown {
    const { tasks, bodies, nodes, batches, events, cluster, requests, slots, counts } = state;
    const promised = slots.all.map(({ nodeId, cpuMillis, memoryBytes, attempts }) => {
      return { nodeId, cpuMillis, memoryBytes, attempts: [...attempts.keys()].sort() };
    });
    promised.sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
    const present = [...counts].filter(([, count]) => count > 0).sort();
    const maps = [tasks, bodies, nodes, batches, events, requests].map((map) => [...map].sort());
    // Those that ended in one turn have no order among each other.
    const ended = [...state.ended.oldest()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return structuredClone({ maps, cluster, promised, present, ended });
  }

  /** The next events are heard by a coordinator whose wall clock is off by so much. */
  setWallClock(byMs: number): void {
    this.#now = { ...this.#now, wallMs: this.#now.wallMs + byMs };
  }

  #advance(ms: number): void {
    this.#now = { wallMs: this.#now.wallMs + ms, steadyMs: this.#now.steadyMs + ms };
    if (this.#open !== null) this.#open.now = this.#now;
  }

  #newTask(wish: TaskWish): NewTask {
    this.#tasks += 1;
    const body = wish.body ?? "{}";
    return {
      id: `main-${String(this.#tasks).padStart(6, "0")}`,
      name: "task",
      priority: 0,
      notBeforeMs: 0,
      queueTimeoutMs: 0,
      timeoutMs: 0,
      labels: {},
      constraints: [],
      resources: { cpuMillis: 0, memoryBytes: 0, counts: {} },
      maxRetries: 0,
      backoffMs: 1_000,
      backoffMaxMs: 60_000,
      finalExitCodes: [],
      stopGraceMs: 10_000,
      exclusive: false,
      ...wish,
      body,
      bodyHash: body,
    };
  }
}

function newsOf(news: News): AttemptNews {
  const times = { startedAtMs: 1_700_000_000_000, endedAtMs: 0 };
  const result = { exitCode: null, signal: "", outputTail: "", usage: null };
  return { attempt: 1, reason: "", ...times, ...result, ...news };
}
