/** The loop's promises: nothing is told before it is committed, and what is not committed leaves no trace. */

import type { Clock } from "@holdfast/shared/clock.ts";
import { expect, test } from "vitest";
import type { CoordinatorEffect } from "../core/effect.ts";
import type { NewTask, Now } from "../core/event.ts";
import { hear, Observation } from "../core/observation.ts";
import { defaultSettings } from "../core/settings.ts";
import { apply } from "../core/state/state.ts";
import { MemoryDatabase } from "../store/memory/memory-database.ts";
import { MemoryStore } from "../store/memory/memory-store.ts";
import { type Batch, type CommitResult, type Store, StoreUnavailable } from "../store/store.ts";
import { JournalUnavailable } from "./journal.ts";
import { Leader } from "./leader.ts";
import { Lease } from "./lease.ts";
import { Replica } from "./replica.ts";
import { MemoryJournal } from "./testing/memory-journal.ts";

const stepDownMs = 2_000;
const quiet = { info() {}, warn() {}, error() {} };
const noChanges = { reset() {}, emptied() {}, publish() {} };

/** A leader on a store whose commits the test answers as it likes. */
class Bench {
  readonly database = new MemoryDatabase();
  readonly told: CoordinatorEffect[] = [];
  readonly commits: Batch[] = [];
  beforeTelling: (() => Promise<void>) | null = null;
  onCommit: (batch: Batch, commit: () => Promise<CommitResult>) => Promise<CommitResult> = (_, commit) => commit();
  #now: Now = { wallMs: 1_700_000_000_000, steadyMs: 0 };
  readonly clock: Pick<Clock, "now" | "sleep"> = {
    now: () => this.#now,
    sleep: (ms) => {
      this.advance(ms);
      return Promise.resolve();
    },
  };
  readonly #tellWaiters: (() => void)[] = [];

  advance(ms: number): void {
    this.#now = { wallMs: this.#now.wallMs + ms, steadyMs: this.#now.steadyMs + ms };
  }

  store(): MemoryStore {
    return new MemoryStore({ now: () => this.#now.steadyMs, database: this.database });
  }

  async replica(): Promise<Replica> {
    const replica = new Replica(
      this.store(),
      this.clock,
      noChanges,
      defaultSettings.agingMs,
      quiet,
      new MemoryJournal(),
    );
    await replica.load();
    return replica;
  }

  async lead(
    epoch: number,
  ): Promise<{ leader: Leader; replica: Replica; observation: Observation; ended: Promise<string> }> {
    const store = this.store();
    const holder = { coordinatorId: `c${epoch}`, address: "here", takeOverEpoch: null, lineageToBegin: "log" };
    await store.acquire({ ...holder, epoch, ttlMs: 3_000 });
    const replica = await this.replica();
    const observation = new Observation(defaultSettings.stallMs, this.#now);
    const leader = new Leader({
      replica,
      observation,
      settings: defaultSettings,
      store: this.#watched(store),
      lease: new Lease(epoch, stepDownMs, this.#now.steadyMs),
      clock: this.clock,
      randomness: { seed: () => 1, batchId: () => `batch-${this.commits.length}`, lineage: () => "log" },
      beforeTelling: this.beforeTelling,
      outlet: {
        release: (effects) => {
          this.told.push(...effects);
          for (const wake of this.#tellWaiters.splice(0)) wake();
        },
      },
      log: quiet,
    });
    return { leader, replica, observation, ended: leader.run() };
  }

  /** Resolves when the next effects were let out. */
  nextTold(): Promise<void> {
    return new Promise((resolve) => this.#tellWaiters.push(resolve));
  }

  #watched(store: MemoryStore): Store {
    return new Proxy(store, {
      get: (target, name) => {
        if (name !== "commit") return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
        return (batch: Batch) => {
          this.commits.push(batch);
          return this.onCommit(batch, () => target.commit(batch));
        };
      },
    });
  }
}

function submission(callId: number, exclusive = false) {
  const task: NewTask = {
    id: `main-${callId}`,
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
    exclusive,
  };
  const request = { kind: "submit" as const, namespace: "default", requestId: "", task };
  return { kind: "write" as const, callId, request };
}

/** A node with an open session says Hello to a leader that is in office. */
function join(leader: Leader, observation: Observation, now: Now): void {
  const machine = { hostname: "a", os: "linux", kernel: "6", arch: "x64", cpuModel: "", cpuCores: 8 };
  const rest = { memoryBytes: 2 ** 34, swapBytes: 0, gpus: [], manufacturer: "", model: "", virtualization: "" };
  const allocatable = { cpuMillis: 8_000, memoryBytes: 2 ** 34, counts: {} };
  const agent = { nodeId: "a", bootId: "boot", instanceId: "agent", agentVersion: "1", nodeClass: "default" };
  const inventory = { ...machine, ...rest, allocatable };
  const hello = { ...agent, highestEpoch: 1, labels: {}, inventory, attempts: [] };
  hear(observation, { kind: "joined", nodeId: "a", instanceId: "agent" }, now);
  leader.post({ kind: "hello", hello, seed: 1 });
}

test("an answer waits for its commit, and what gathers meanwhile is one batch", async () => {
  const bench = new Bench();
  const { leader } = await bench.lead(1);
  const commit = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  bench.onCommit = async (_, proceed) => {
    asked.resolve();
    await commit.promise;
    return proceed();
  };
  leader.post(submission(1));
  await asked.promise;
  for (const callId of [2, 3, 4]) leader.post(submission(callId));
  const read = leader.read((state) => state.tasks.size);
  expect(bench.told, "nothing is told while the commit is under way").toEqual([]);
  const first = bench.nextTold();
  commit.resolve();
  await first;
  expect(await read, "a read sees the first batch committed").toBe(1);
  await bench.nextTold();
  expect(bench.told.map((effect) => "callId" in effect && effect.callId)).toEqual([1, 2, 3, 4]);
  expect(bench.commits).toHaveLength(2);
});

test("a refused commit restores what was committed, tells nothing, and ends the leadership", async () => {
  const bench = new Bench();
  const { leader, replica, ended } = await bench.lead(1);
  const first = bench.nextTold();
  leader.post(submission(1));
  await first;
  bench.onCommit = async (_, proceed) => {
    await bench.store().acquire({
      coordinatorId: "c2",
      address: "there",
      epoch: 2,
      ttlMs: 3_000,
      takeOverEpoch: 1,
      lineageToBegin: null,
    });
    return proceed();
  };
  leader.post(submission(2));
  expect(await ended).toMatch(/refused: by epoch 2/);
  expect([...replica.state.tasks.keys()]).toEqual(["main-1"]);
  expect(bench.told).toHaveLength(1);
});

test("an unanswered commit is sent again, byte for byte, and told once", async () => {
  const bench = new Bench();
  const { leader } = await bench.lead(1);
  let tries = 0;
  bench.onCommit = async (_, proceed) => {
    tries += 1;
    const result = await proceed();
    if (tries < 3) throw new StoreUnavailable("the answer was lost");
    return result;
  };
  const told = bench.nextTold();
  leader.post(submission(1));
  await told;
  expect(bench.commits).toHaveLength(3);
  expect(new Set(bench.commits.map((batch) => JSON.stringify(batch))).size).toBe(1);
  expect(bench.told).toHaveLength(1);
  expect((await bench.replica()).position.sequence, "committed once").toBe(1);
});

test("a commit unanswered until the lease runs out is told to nobody; the log decides whether it happened", async () => {
  const bench = new Bench();
  const { leader, replica, ended } = await bench.lead(1);
  bench.onCommit = async (_, proceed) => {
    await proceed();
    throw new StoreUnavailable("the answer was lost");
  };
  leader.post(submission(1));
  expect(await ended).toMatch(/not answered before the lease ran out/);
  expect(bench.told).toEqual([]);
  expect(replica.state.tasks.size).toBe(0);
  await replica.follow(0);
  expect([...replica.state.tasks.keys()], "it had happened, as the log tells").toEqual(["main-1"]);
});

test("a leader whose lease has run out decides nothing more", async () => {
  const bench = new Bench();
  const { leader, replica, ended } = await bench.lead(1);
  bench.advance(stepDownMs);
  leader.post(submission(1));
  expect(await ended).toBe("the lease ran out");
  expect(bench.commits).toEqual([]);
  expect(replica.state.tasks.size).toBe(0);
});

test("a lease for an exclusive task counts from when it leaves", async () => {
  const bench = new Bench();
  const { leader, observation } = await bench.lead(1);
  join(leader, observation, bench.clock.now());
  bench.onCommit = (_, proceed) => {
    bench.advance(stepDownMs - 1);
    return proceed();
  };
  const told = bench.nextTold();
  leader.post(submission(1, true));
  await told;
  expect(bench.told).toContainEqual(expect.objectContaining({ kind: "start", taskId: "main-1" }));
  expect([...observation.grants]).toEqual([["main-1.1", stepDownMs - 1]]);
});

test("a lease for an exclusive task does not leave when the leader's own has run out meanwhile; answers do", async () => {
  const bench = new Bench();
  const { leader, observation, ended } = await bench.lead(1);
  join(leader, observation, bench.clock.now());
  bench.onCommit = (_, proceed) => {
    bench.advance(stepDownMs);
    return proceed();
  };
  leader.post(submission(1, true));
  expect(await ended).toMatch(/lease ran out before leases of exclusive tasks could leave/);
  expect(bench.told.map(({ kind }) => kind)).toEqual(["answer"]);
  expect((await bench.replica()).state.tasks.get("main-1")?.state, "the next leader orders it").toBe("placed");
});

test("where more than the store is asked for, nothing is told before it, nor when it fails", async () => {
  const bench = new Bench();
  const safe = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  bench.beforeTelling = () => {
    asked.resolve();
    return safe.promise;
  };
  const { leader, replica, ended } = await bench.lead(1);
  leader.post(submission(1));
  await asked.promise;
  const read = leader.read((state) => state.tasks.size);
  expect(bench.told).toEqual([]);
  const told = bench.nextTold();
  safe.resolve();
  expect(await read).toBe(1);
  await told;
  expect(bench.told).toHaveLength(1);
  bench.beforeTelling = null;

  const failing = new Bench();
  failing.beforeTelling = () => Promise.reject(new JournalUnavailable("the disk is full"));
  const second = await failing.lead(1);
  second.leader.post(submission(1));
  expect(await second.ended).toBe("the disk is full");
  expect(failing.told).toEqual([]);
  expect([...second.replica.state.tasks.keys()], "it is committed all the same").toEqual(["main-1"]);
  leader.end("over");
  await ended;
  expect(replica.state.tasks.size).toBe(1);
});

test("a standby that follows the log has the leader's state at the same position", async () => {
  const bench = new Bench();
  const { leader, replica } = await bench.lead(1);
  const standby = await bench.replica();
  for (let callId = 1; callId <= 20; callId += 1) {
    const told = bench.nextTold();
    leader.post(submission(callId));
    await told;
  }
  await standby.follow(0);
  expect(standby.position).toEqual(replica.position);
  expect([...standby.state.tasks]).toEqual([...replica.state.tasks]);
  expect([...standby.state.counts]).toEqual([...replica.state.counts]);
});

test("a load that was under way when this coordinator began to lead does not overwrite what it decided", async () => {
  const bench = new Bench();
  const { leader } = await bench.lead(1);
  const told = bench.nextTold();
  leader.post(submission(1));
  await told;
  const store = bench.store();
  const proceed = Promise.withResolvers<void>();
  const slow = new Proxy(store, {
    get: (target, name) => {
      if (name !== "load") return Reflect.get(target, name).bind(target);
      return async (receive: (lines: readonly string[]) => void) => {
        const head = await target.load(receive);
        await proceed.promise;
        return head;
      };
    },
  });
  const replica = new Replica(slow, bench.clock, noChanges, defaultSettings.agingMs, quiet, new MemoryJournal());
  const loading = replica.load();
  replica.takeOver();
  replica.committed({ epoch: 2, sequence: 9 }, [], []);
  proceed.resolve();
  await loading;
  expect(replica.position).toEqual({ epoch: 2, sequence: 9 });
});

test("a standby whose history went another way loads anew", async () => {
  const bench = new Bench();
  const { leader } = await bench.lead(1);
  const standby = await bench.replica();
  const told = bench.nextTold();
  leader.post(submission(1));
  await told;
  apply(standby.state, { kind: "body", id: "only-in-the-other-history", value: "{}" });
  standby.position = { epoch: 99, sequence: 0 };
  await standby.follow(0);
  expect([...standby.state.tasks.keys()]).toEqual(["main-1"]);
  expect([...standby.state.bodies.keys()], "nothing of the other history is left").toEqual(["main-1"]);
  expect(standby.position.epoch).toBe(1);
});
