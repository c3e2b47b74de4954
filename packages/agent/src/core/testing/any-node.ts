/**
 * A node around the agent's core for tests of what must hold whatever happens: folders that are made exclusively, processes
 * that start, end and are killed, answers that come late and in any order, coordinators that contradict each other, and an
 * agent that is started again on what it finds.
 */
import fc from "fast-check";
import { type AttemptId, keyOf } from "../attempt.ts";
import { decide } from "../decide.ts";
import type { AgentEffect } from "../effect.ts";
import type { AgentEvent, Ending, FolderState, FoundAttempt, Now, Order } from "../event.ts";
import type { AgentRecord } from "../record.ts";
import { type AgentState, initialState } from "../state.ts";

export const coordinators = ["l1", "l2", "l3"];
export const settings = { repeatAfterMs: 3_000, stopOverdueMs: 5_000, beatsRemembered: 8 };
const limits = { timeoutMs: 0, stopGraceMs: 1_000 };

/** What was decided on one event. */
export interface Step {
  readonly event: AgentEvent;
  readonly now: Now;
  readonly highestBefore: number;
  readonly leaving: boolean;
  readonly records: readonly AgentRecord[];
  readonly effects: readonly AgentEffect[];
}

interface Folder {
  readonly id: AttemptId;
  leaseUntilMs: number | null;
  state: FolderState;
  acknowledged: boolean;
}

export class AnyNode {
  state: AgentState;
  readonly #folders = new Map<string, Folder>();
  /** Answers of the host that have not reached the core, in order for each attempt. */
  #answers: { readonly key: string; readonly event: () => AgentEvent }[] = [];
  readonly #look: (step: Step, node: AnyNode) => void;
  #nowMs = 0;
  #processes = 1;
  #storedEpoch = 0;

  /** @param look after each event */
  constructor(look: (step: Step, node: AnyNode) => void) {
    this.#look = look;
    this.state = initialState("me-1", settings);
    this.take({ kind: "recovered", highestEpoch: 0, attempts: [] });
    this.#connect();
  }

  get now(): Now {
    return { wallMs: 1_000_000 + this.#nowMs, steadyMs: this.#nowMs };
  }

  get instanceId(): string {
    return `me-${this.#processes}`;
  }

  take(event: AgentEvent): void {
    const { highestEpoch: highestBefore, leaving } = this.state;
    const { now } = this;
    const { records, effects } = decide(this.state, event, now);
    for (const record of records) this.#write(record);
    for (const effect of effects) this.#perform(effect);
    this.#look({ event, now, highestBefore, leaving, records, effects }, this);
  }

  order(coordinator: string, epoch: number, one: Order): void {
    this.take({ kind: "orders", coordinator, epoch, orders: [one] });
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    this.take({ kind: "beatDue" });
    this.take({ kind: "tick" });
  }

  /** One of the answers that wait, the first of its attempt. */
  deliver(which: number): void {
    const firsts = this.#answers.filter(({ key }, index, all) => all.findIndex((one) => one.key === key) === index);
    const chosen = firsts[which % Math.max(1, firsts.length)];
    if (chosen === undefined) return;
    this.#answers = this.#answers.filter((one) => one !== chosen);
    this.take(chosen.event());
  }

  deliverAll(): void {
    while (this.#answers.length > 0) this.deliver(0);
  }

  /** A process ends by itself, or its supervisor is killed. */
  end(which: number, killed: boolean): void {
    const running = [...this.#folders.values()].filter(({ state }) => state.kind === "running");
    const folder = running[which % Math.max(1, running.length)];
    if (folder?.state.kind !== "running") return;
    const { startedAtMs } = folder.state;
    folder.state = killed
      ? { kind: "gone", startedAtMs }
      : { kind: "ended", ending: this.#ending("none", startedAtMs) };
    this.#answer(folder.id, () => this.#word(folder));
  }

  /** The agent's process dies and another takes over what is there; what was under way to the first one is lost. */
  restart(): void {
    this.#processes += 1;
    this.#answers = [];
    this.state = initialState(this.instanceId, settings);
    const attempts = [...this.#folders.values()].filter(({ acknowledged }) => !acknowledged).map(foundOf);
    this.take({ kind: "recovered", highestEpoch: this.#storedEpoch, attempts });
    for (const folder of this.#folders.values()) if (folder.state.kind === "starting") this.#started(folder);
    this.#connect();
  }

  #connect(): void {
    for (const coordinator of coordinators) this.take({ kind: "linkUp", coordinator });
  }

  #write(record: AgentRecord): void {
    if (record.kind === "highestEpoch") this.#storedEpoch = record.epoch;
    else {
      const folder = this.#folders.get(keyOf(record.id));
      if (folder === undefined) throw new Error(`${record.kind} of ${keyOf(record.id)}, which has no folder`);
      if (record.kind === "decided") folder.state = { kind: "decided", end: record.end };
      else folder.acknowledged = true;
    }
  }

  #perform(effect: AgentEffect): void {
    switch (effect.kind) {
      case "launch": {
        const { taskId, attempt } = effect.order;
        const folder = this.#make({ taskId, attempt }, { kind: "starting" }, effect.leaseUntilMs);
        return folder === null ? undefined : this.#started(folder);
      }
      case "bury": {
        const { id, end } = effect;
        if (this.#make(id, { kind: "decided", end }, null) !== null)
          this.#answer(id, () => ({ kind: "buried", id, end }));
        return;
      }
      case "stop": {
        const folder = this.#folders.get(keyOf(effect.id));
        if (folder?.state.kind !== "running") return;
        folder.state = { kind: "ended", ending: this.#ending("stop", folder.state.startedAtMs) };
        return this.#answer(folder.id, () => this.#word(folder));
      }
      case "killLeftovers":
        return this.#answer(effect.id, () => ({ kind: "swept", id: effect.id }));
      case "extendLease": {
        const folder = this.#folders.get(keyOf(effect.id));
        if (folder !== undefined) folder.leaseUntilMs = effect.untilMs;
        return;
      }
      default:
        return;
    }
  }

  /** Null: it was there already, and the core is told what it holds. */
  #make(id: AttemptId, state: FolderState, leaseUntilMs: number | null): Folder | null {
    const there = this.#folders.get(keyOf(id));
    if (there !== undefined) {
      this.#answer(id, () => ({ kind: "exists", found: foundOf(there) }));
      return null;
    }
    const folder = { id: { taskId: id.taskId, attempt: id.attempt }, leaseUntilMs, state, acknowledged: false };
    this.#folders.set(keyOf(id), folder);
    return folder;
  }

  #started(folder: Folder): void {
    this.#answer(folder.id, () => {
      const startedAtMs = this.now.wallMs;
      if (folder.state.kind === "starting") folder.state = { kind: "running", startedAtMs };
      return { kind: "started", id: folder.id, startedAtMs };
    });
  }

  #word({ id, state }: Folder): AgentEvent {
    return state.kind === "ended" ? { kind: "ended", id, ending: state.ending } : { kind: "gone", id };
  }

  #answer({ taskId, attempt }: AttemptId, event: () => AgentEvent): void {
    this.#answers.push({ key: keyOf({ taskId, attempt }), event });
  }

  #ending(stopCause: Ending["stopCause"], startedAtMs: number): Ending {
    const usage = { cpuUserMs: 0, cpuSystemMs: 0, maxResidentBytes: 0, outputBytes: 0 };
    const how = stopCause === "none" ? { exitCode: 0, signal: "" } : { exitCode: null, signal: "SIGTERM" };
    return { startError: "", ...how, stopCause, startedAtMs, endedAtMs: this.now.wallMs, usage };
  }
}

function foundOf({ id, leaseUntilMs, state }: Folder): FoundAttempt {
  return { id, limits, leaseUntilMs, folder: state };
}

// --- what happens to it ----------------------------------------------------------------------------------------------

const id = fc.record({ taskId: fc.constantFrom("t1", "t2", "t3", "t4"), attempt: fc.integer({ min: 1, max: 2 }) });
const coordinator = fc.constantFrom(...coordinators);
/** Mostly in the highest epoch that the node has met. */
const epochAbove = fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, -1);
const word = { coordinator, epochAbove };
/** How many beats ago the one was that it answers; before the first: the Hello. */
const beatsAgo = fc.constantFrom(0, 0, 1, 2, 12);
const forThisProcess = fc.constantFrom(true, true, true, true, false);
const which = fc.nat(5);

const start = fc.record({
  kind: fc.constant("start" as const),
  ...word,
  id,
  beatsAgo,
  forThisProcess,
  validForMs: fc.constantFrom(0, 1_500, 60_000, 60_000),
  leaseMs: fc.constantFrom(0, 4_000, 20_000),
});
const grant = fc.record({
  kind: fc.constant("grant" as const),
  ...word,
  id,
  beatsAgo,
  forThisProcess,
  leaseMs: fc.constantFrom(500, 4_000, 20_000),
});
const restart = fc.record({ kind: fc.constant("restart" as const) });

export const anyHappening = fc.oneof(
  { arbitrary: start, weight: 10 },
  { arbitrary: fc.record({ kind: fc.constant("stop" as const), ...word, id }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant("acknowledge" as const), ...word, id }), weight: 3 },
  { arbitrary: grant, weight: 3 },
  { arbitrary: fc.record({ kind: fc.constantFrom("welcome" as const, "leading" as const), ...word }), weight: 2 },
  fc.record({ kind: fc.constantFrom("linkUp" as const, "linkDown" as const), coordinator }),
  { arbitrary: fc.record({ kind: fc.constant("deliver" as const), which }), weight: 10 },
  { arbitrary: fc.record({ kind: fc.constantFrom("exit" as const, "killed" as const), which }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant("pass" as const), ms: fc.constantFrom(100, 1_000, 4_000) }), weight: 4 },
  { arbitrary: restart, weight: 2 },
  // Nothing is started any more until the next process.
  fc.record({ kind: fc.constant("leave" as const) }),
);
export type Happening = typeof anyHappening extends fc.Arbitrary<infer Value> ? Value : never;

export function happen(node: AnyNode, one: Happening): void {
  const epoch = "epochAbove" in one ? Math.max(1, node.state.highestEpoch + one.epochAbove) : 0;
  switch (one.kind) {
    case "start": {
      const { beatsAgo: ago, forThisProcess: ours, validForMs, leaseMs } = one;
      const answersBeat = Math.max(0, node.state.lastBeat - ago);
      const instanceId = ours ? node.instanceId : "another";
      const terms = { kind: "start" as const, ...one.id, limits, answersBeat, instanceId, validForMs, leaseMs };
      return node.order(one.coordinator, epoch, { ...terms, message: {} });
    }
    case "stop":
      return node.order(one.coordinator, epoch, { kind: "stop", ...one.id, reason: "unwanted" });
    case "acknowledge":
      return node.take({ kind: "acknowledgements", coordinator: one.coordinator, epoch, attempts: [one.id] });
    case "grant": {
      const { coordinator: sender, leaseMs } = one;
      const answersBeat = Math.max(0, node.state.lastBeat - one.beatsAgo);
      const instanceId = one.forThisProcess ? node.instanceId : "another";
      const terms = { coordinator: sender, epoch, answersBeat, instanceId, leaseMs };
      return node.take({ kind: "leaseGrant", ...terms, attempts: [one.id] });
    }
    case "welcome":
      return node.take({ kind: "welcome", coordinator: one.coordinator, leadingEpoch: epoch });
    case "leading":
      return node.take({ kind: "leading", coordinator: one.coordinator, epoch, inquiry: 1 });
    case "linkUp":
    case "linkDown":
      return node.take({ kind: one.kind, coordinator: one.coordinator });
    case "deliver":
      return node.deliver(one.which);
    case "exit":
    case "killed":
      return node.end(one.which, one.kind === "killed");
    case "pass":
      return node.pass(one.ms);
    case "restart":
      return node.restart();
    case "leave":
      return node.take({ kind: "shutdown", returning: true, reason: "" });
  }
}
