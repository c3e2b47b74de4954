/**
 * Which cases of the cores a set of runs has reached. The lists of cases are complete because they do not compile otherwise:
 * each is an object with a key for every member of the union that it stands for.
 */
import type { EndState } from "@holdfast/agent/core/attempt.ts";
import type { AgentEffect, Message } from "@holdfast/agent/core/effect.ts";
import type { AgentEvent, FolderState, Order } from "@holdfast/agent/core/event.ts";
import type { AgentRecord } from "@holdfast/agent/core/record.ts";
import type { CoordinatorEffect } from "@holdfast/coordinator/core/effect.ts";
import type { CoordinatorEvent, WriteKind } from "@holdfast/coordinator/core/event.ts";
import {
  type AttemptState,
  type DurableRecord,
  decodeRecord,
  type RecordKind,
  type StopCause,
  type TaskState,
} from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "./history.ts";

type Every<Case extends string> = { readonly [Name in Case]: true };

const coordinatorEvents: Every<CoordinatorEvent["kind"]> = {
  elected: true,
  tick: true,
  place: true,
  write: true,
  hello: true,
  reports: true,
  farewell: true,
  merge: true,
  higherEpochMet: true,
};

const writes: Every<WriteKind> = {
  submit: true,
  submitBatch: true,
  cancel: true,
  retry: true,
  hold: true,
  release: true,
  cordon: true,
  uncordon: true,
  drain: true,
  remove: true,
  confirmDead: true,
  pausePlacement: true,
  resumePlacement: true,
};

const coordinatorEffects: Every<CoordinatorEffect["kind"]> = {
  start: true,
  stop: true,
  grant: true,
  acknowledge: true,
  inquire: true,
  announce: true,
  answer: true,
  refuse: true,
  log: true,
  merged: true,
  resign: true,
};

const records: Every<RecordKind> = {
  task: true,
  body: true,
  tail: true,
  node: true,
  batch: true,
  event: true,
  cluster: true,
};

const deletions: Every<Exclude<RecordKind, "cluster">> = {
  task: true,
  body: true,
  tail: true,
  node: true,
  batch: true,
  event: true,
};

const taskStates: Every<TaskState> = {
  pending: true,
  placed: true,
  starting: true,
  running: true,
  stopping: true,
  succeeded: true,
  failed: true,
  cancelled: true,
  timedOut: true,
};

const attemptStates: Every<AttemptState> = {
  placed: true,
  starting: true,
  running: true,
  stopping: true,
  succeeded: true,
  failed: true,
  timedOut: true,
  cancelled: true,
  lost: true,
  refused: true,
};

const stopCauses: Every<StopCause> = {
  cancelled: true,
  drained: true,
  superseded: true,
  leaseOver: true,
};

const agentEvents: Every<AgentEvent["kind"]> = {
  recovered: true,
  linkUp: true,
  linkDown: true,
  welcome: true,
  leading: true,
  leaseGrant: true,
  swept: true,
  orders: true,
  acknowledgements: true,
  beatDue: true,
  tick: true,
  started: true,
  ended: true,
  notStarted: true,
  buried: true,
  exists: true,
  gone: true,
  shutdown: true,
};

const orders: Every<Order["kind"]> = { start: true, stop: true };

const folders: Every<FolderState["kind"]> = {
  decided: true,
  ended: true,
  starting: true,
  running: true,
  gone: true,
  otherBoot: true,
};

const agentEffects: Every<AgentEffect["kind"]> = {
  launch: true,
  extendLease: true,
  bury: true,
  stop: true,
  killLeftovers: true,
  send: true,
  log: true,
};

const messages: Every<Message["kind"]> = {
  hello: true,
  beat: true,
  reports: true,
  farewell: true,
  epochRefused: true,
};

const agentRecords: Every<AgentRecord["kind"]> = { highestEpoch: true, decided: true, acknowledged: true };

const attemptEnds: Every<EndState> = {
  succeeded: true,
  failed: true,
  timedOut: true,
  cancelled: true,
  refused: true,
  lost: true,
};

const cases = {
  "coordinator event": coordinatorEvents,
  write: writes,
  "coordinator effect": coordinatorEffects,
  record: records,
  "deleted record": deletions,
  "task state": taskStates,
  "attempt state": attemptStates,
  "stop cause": stopCauses,
  "agent event": agentEvents,
  order: orders,
  folder: folders,
  "agent effect": agentEffects,
  message: messages,
  "agent record": agentRecords,
  "attempt end": attemptEnds,
} as const;

type Group = keyof typeof cases;

/** Such as "write: cancel". */
const allCases: readonly string[] = Object.entries(cases).flatMap(([group, names]) =>
  Object.keys(names).map((name) => `${group}: ${name}`),
);

export class Coverage {
  readonly #reached = new Set<string>();

  /** As text for another process to `merge`. */
  get reached(): readonly string[] {
    return [...this.#reached];
  }

  get uncovered(): readonly string[] {
    return allCases.filter((name) => !this.#reached.has(name));
  }

  merge(reached: Iterable<string>): void {
    for (const name of reached) this.#reached.add(name);
  }

  observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "decided":
        this.#reach("coordinator event", event.event.kind);
        if (event.event.kind === "write") this.#reach("write", event.event.request.kind);
        return;
      case "released":
        for (const { kind } of event.effects) this.#reach("coordinator effect", kind);
        return;
      case "committed":
        for (const line of event.batch.lines) this.#noteRecord(decodeRecord(line));
        return;
      case "agentDecided":
        return this.#noteAgent(event);
      default:
        return;
    }
  }

  #noteRecord(record: DurableRecord): void {
    if (record.value === null) return this.#reach("deleted record", record.kind);
    this.#reach("record", record.kind);
    if (record.kind !== "task") return;
    this.#reach("task state", record.value.state);
    for (const { state, stop } of record.value.attempts) {
      this.#reach("attempt state", state);
      if (stop !== null) this.#reach("stop cause", stop);
    }
  }

  #noteAgent({ event, records: written, effects }: HistoryEvent<"agentDecided">): void {
    this.#reach("agent event", event.kind);
    if (event.kind === "orders") for (const { kind } of event.orders) this.#reach("order", kind);
    if (event.kind === "recovered") for (const { folder } of event.attempts) this.#reach("folder", folder.kind);
    if (event.kind === "exists") this.#reach("folder", event.found.folder.kind);
    for (const record of written) this.#reach("agent record", record.kind);
    for (const effect of effects) {
      this.#reach("agent effect", effect.kind);
      if (effect.kind !== "send") continue;
      this.#reach("message", effect.message.kind);
      if (effect.message.kind !== "reports" && effect.message.kind !== "hello") continue;
      const told = effect.message.kind === "reports" ? effect.message.reports : effect.message.attempts;
      for (const { end } of told) if (end !== null) this.#reach("attempt end", end.state);
    }
  }

  #reach(group: Group, name: string): void {
    this.#reached.add(`${group}: ${name}`);
  }
}
