/** Coordinators that contend for one store in memory, as far as leading goes: no agents, no links, no clients. */
import type { CoordinatorEffect } from "../../core/effect.ts";
import type { NewTask } from "../../core/event.ts";
import { hear, Observation } from "../../core/observation.ts";
import { defaultSettings } from "../../core/settings.ts";
import { MemoryDatabase } from "../../store/memory/memory-database.ts";
import { MemoryStore } from "../../store/memory/memory-store.ts";
import { type Store, StoreUnavailable } from "../../store/store.ts";
import { Leadership, type LeadershipParts } from "../leadership.ts";
import type { LogMemory } from "../ports.ts";
import { Replica } from "../replica.ts";
import { MemoryJournal } from "./memory-journal.ts";
import type { VirtualClock } from "./virtual-clock.ts";

const timing = { leaseTtlMs: 3_000, leaseRenewMs: 500, stepDownMs: 2_000, tickIntervalMs: 100, logEntriesKept: 1_000 };
const maxRefusals = 1_000;
const noChanges = { reset() {}, emptied() {}, publish() {} };

/** What outlives a coordinator's process. */
export class Disk implements LogMemory {
  highestEpoch = 0;
  lineage = "";
  readonly journal = new MemoryJournal();

  met(epoch: number, lineage = this.lineage): void {
    this.highestEpoch = Math.max(this.highestEpoch, epoch);
    this.lineage = lineage;
  }
}

/** The store; what it holds can be swapped for an older copy. */
export class Server {
  database = new MemoryDatabase();
  isAway = false;
  /** Acts that it was asked for while it was away; whoever asks for so many asks without a pause, and would for ever. */
  refusals = 0;
  /** The next act of this name gets no answer, which is known after a while. */
  ignoresNext = "";

  /** Comes back with what an earlier `database.copy()` held. */
  restore(copy: MemoryDatabase, serverId: string): void {
    this.database = copy;
    this.database.serverId = serverId;
  }
}

export class Contender {
  readonly told: CoordinatorEffect[] = [];
  readonly log: string[] = [];
  readonly leadership: Leadership;
  readonly replica: Replica;
  readonly observation: Observation;
  readonly running: Promise<void>;
  /** Hangs: it does nothing more, and its lease runs out. */
  isHung = false;
  readonly #clock: VirtualClock;
  #calls = 0;

  constructor(
    number: number,
    clock: VirtualClock,
    server: Server,
    disk: Disk,
    over: Partial<LeadershipParts> & { onResigned?: (epoch: number) => void } = {},
  ) {
    this.#clock = clock;
    const note = (_: object, message: string) => void this.log.push(message);
    const log = { info: note, warn: note, error: note };
    const store = this.#storeOn(server);
    this.observation = new Observation(defaultSettings.stallMs, clock.now());
    this.replica = new Replica(store, clock, noChanges, defaultSettings.agingMs, log, disk.journal);
    let batches = 0;
    const parts: LeadershipParts = {
      candidate: { id: `c${number}`, number, address: `c${number}:7400` },
      timing,
      replica: this.replica,
      observation: this.observation,
      settings: defaultSettings,
      store,
      memory: disk,
      journal: disk.journal,
      durability: "store",
      beginAnew: false,
      clock,
      randomness: {
        seed: () => 1,
        batchId: () => `c${number}-${clock.now().steadyMs}-${batches++}`,
        lineage: () => `log-${number}-${clock.now().steadyMs}`,
      },
      outlet: {
        release: (effects) => {
          this.told.push(...effects);
          this.leadership.orphans.released(effects);
        },
      },
      log,
      resigned: (epoch) => over.onResigned?.(epoch),
      ended: () => {},
      merged: () => {},
      ...over,
    };
    this.leadership = new Leadership(parts);
    this.running = this.leadership.run();
  }

  get leads(): boolean {
    return this.leadership.leader !== null;
  }

  get epoch(): number {
    return this.leadership.leader?.epoch ?? 0;
  }

  /** A view of another coordinator arrives. */
  hearPeer(coordinatorId: string, lineage: string, reconciledEpoch = 0): void {
    const hearing = { coordinatorId, silentNodeIds: [], silentForMs: [], steadyForMs: 0, lineage, reconciledEpoch };
    hear(this.observation, { kind: "peer", hearing }, this.#clock.now());
  }

  /** @returns what it is answered, as soon as it is: a task's id, or the code of the refusal; "" when it is not */
  async submit(id: string, requestId = ""): Promise<string> {
    this.#calls += 1;
    const callId = this.#calls;
    const request = { kind: "submit" as const, namespace: "default", requestId, task: taskOf(id) };
    this.leadership.leader?.post({ kind: "write", callId, request });
    await this.#clock.pass(0);
    for (const effect of this.told) {
      if (effect.kind === "answer" && effect.callId === callId && "taskId" in effect.answer)
        return effect.answer.taskId;
      if (effect.kind === "refuse" && effect.callId === callId) return effect.code;
    }
    return "";
  }

  async stop(): Promise<void> {
    this.leadership.stop();
    await this.#clock.pass(1_000);
    await this.running;
  }

  async #noAnswer(server: Server): Promise<never> {
    server.ignoresNext = "";
    await this.#clock.sleep(1_000);
    throw new StoreUnavailable("nothing came for 1000 ms");
  }

  #storeOn(server: Server): Store {
    const clock = this.#clock;
    const now = () => clock.now().steadyMs;
    const sleep = (ms: number, signal: AbortSignal) => clock.sleep(ms, signal);
    const opened = new Map<MemoryDatabase, MemoryStore>();
    const current = () => {
      const { database } = server;
      const store = opened.get(database) ?? new MemoryStore({ database, now, sleep });
      opened.set(database, store);
      return store;
    };
    return new Proxy(current(), {
      get: (_, name) => {
        const store = current();
        const act = Reflect.get(store, name);
        if (typeof act !== "function") return act;
        return async (...args: unknown[]) => {
          if (this.isHung) return new Promise(() => {});
          if (server.isAway) {
            server.refusals += 1;
            if (server.refusals > maxRefusals) throw new Error("a store that is away was asked without a pause");
            throw new StoreUnavailable("the store is away");
          }
          if (name === server.ignoresNext) await this.#noAnswer(server);
          return act.apply(store, args);
        };
      },
    });
  }
}

function taskOf(id: string): NewTask {
  return {
    id,
    name: "task",
    priority: 0,
    bodyHash: "",
    body: "{}",
    notBeforeMs: 0,
    queueTimeoutMs: 0,
    timeoutMs: 0,
    labels: {},
    constraints: [],
    resources: { cpuMillis: 0, memoryBytes: 0, counts: {} },
    maxRetries: 0,
    backoffMs: 1,
    backoffMaxMs: 1,
    finalExitCodes: [],
    stopGraceMs: 1,
    exclusive: false,
  };
}
