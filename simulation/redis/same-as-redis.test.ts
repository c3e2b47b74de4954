/** The simulated store and real Redis give equal answers to the same operations, drawn at random. */
import { putLine } from "@holdfast/coordinator/store/line.ts";
import { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
import { openRedisStore, type RedisStore } from "@holdfast/coordinator/store/redis/redis-store.ts";
import type { Batch, Position, Store } from "@holdfast/coordinator/store/store.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../../test/harness/redis.ts";
import { History } from "../history.ts";
import { Machine } from "../machine/machine.ts";
import { Network } from "../network/network.ts";
import { Random } from "../random.ts";
import { onStackOfItsOwn } from "../time/drain.ts";
import { WorldTime } from "../time/world-time.ts";
import { noMishaps } from "./redis-connection.ts";
import { RedisDeployment } from "./redis-deployment.ts";
import { SimulatedStore } from "./simulated-store.ts";

const operations = 10_000;
/** Long enough that nothing expires in either: real time passes for one of them only. */
const ttlMs = 3_600_000;
const answerWithinMs = 10_000;

let server: RedisServer;
let real: RedisStore;

beforeAll(async () => {
  server = await startRedis({ settings: { appendfsync: "no" } });
  real = await openRedisStore({ url: server.url, cell: "same" });
});
afterAll(async () => {
  await real.close();
  await server.stop();
});

type Operation = (store: Store) => Promise<unknown>;

/** Draws operations that make sense after those before, and others that must be refused. */
class Operations {
  readonly #random: Random;
  #epoch = 0;
  #position: Position = { epoch: 0, sequence: 0 };
  #last: Batch | null = null;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): { readonly what: string; readonly act: Operation } {
    const random = this.#random;
    const kind = random.fraction();
    if (kind < 0.45) return this.#commit();
    if (kind < 0.55) return this.#acquire();
    const epoch = this.#someEpoch();
    const id = this.#id();
    const ids = [id, "none", this.#id()];
    const sequence = random.whole(0, this.#position.sequence + 2);
    const keep = random.whole(0, 60);
    return random.pick<{ readonly what: string; readonly act: Operation }>([
      { what: `renew ${epoch}`, act: (store) => store.renew(epoch, ttlMs) },
      { what: `release ${epoch}`, act: (store) => store.release(epoch) },
      { what: "read the lease", act: (store) => store.readLease() },
      { what: "head", act: (store) => store.head() },
      { what: "load", act: loadSorted },
      { what: `read the log after ${sequence}`, act: (store) => firstOfLog(store, sequence) },
      { what: `trim to ${keep}`, act: (store) => store.trimLog(epoch, keep) },
      { what: `body of ${id}`, act: (store) => store.readBody(id) },
      { what: `bodies of ${ids}`, act: (store) => store.readBodies(ids) },
      { what: `tail of ${id}`, act: (store) => store.readTail(id, 1) },
      { what: "coordinators", act: listSorted },
      {
        what: `announce ${id}`,
        act: (store) => store.announce({ id, address: `${id}:1`, version: "1", startedAtMs: sequence }, ttlMs),
      },
    ]);
  }

  #acquire() {
    const random = this.#random;
    const epoch = random.chance(0.7) ? this.#epoch + random.whole(1, 3) : this.#someEpoch();
    const coordinatorId = random.pick(["c1", "c2", "c3"]);
    const takeOverEpoch = random.chance(0.6) ? this.#epoch : random.chance(0.5) ? this.#someEpoch() : null;
    const lineageToBegin = random.chance(0.8) ? "lineage" : null;
    const request = { coordinatorId, address: `${coordinatorId}:7400`, epoch, ttlMs, takeOverEpoch, lineageToBegin };
    const act = async (store: Store) => {
      const { serverId: _, ...result } = { serverId: "", ...(await store.acquire(request)) };
      if (result.kind === "acquired") this.#epoch = epoch;
      return result;
    };
    return { what: `acquire ${epoch} over ${takeOverEpoch}`, act };
  }

  #commit() {
    const random = this.#random;
    const batch = this.#last !== null && random.chance(0.1) ? this.#last : this.#newBatch();
    const act = async (store: Store) => {
      const result = await store.commit(batch);
      if (result.kind === "committed" && batch.sequence > this.#position.sequence) {
        this.#position = { epoch: batch.epoch, sequence: batch.sequence };
        this.#last = batch;
      }
      return result;
    };
    return { what: `commit ${batch.epoch}.${batch.sequence} ${batch.id}`, act };
  }

  #newBatch(): Batch {
    const random = this.#random;
    const epoch = random.chance(0.9) ? this.#epoch : this.#someEpoch();
    const off = { ...this.#position, sequence: Math.max(0, this.#position.sequence - random.whole(0, 2)) };
    const previous = random.chance(0.9) ? this.#position : off;
    const lines = Array.from({ length: random.whole(0, 5) }, () => this.#line());
    return { epoch, sequence: previous.sequence + 1, previous, id: random.hex(8), lines };
  }

  #line(): string {
    const random = this.#random;
    const id = this.#id();
    const kind = random.pick(["task", "body", "tail", "node", "batch", "event", "cluster"] as const);
    const key = kind === "tail" ? `${id}.1` : id;
    if (random.chance(0.15)) return `-${kind}\t${key}\t`;
    if (kind === "tail") return putLine(kind, key, random.hex(12));
    const state = random.pick(["pending", "running", "succeeded", "failed"]);
    return putLine(kind, key, JSON.stringify({ version: 1, id, name: `"{${random.hex(4)}é`, state }));
  }

  #id(): string {
    return `id-${this.#random.whole(1, 40)}`;
  }

  #someEpoch(): number {
    return Math.max(0, this.#epoch + this.#random.whole(-2, 2));
  }
}

async function loadSorted(store: Store): Promise<unknown> {
  const lines: string[] = [];
  const head = await store.load((piece) => lines.push(...piece));
  return { head, lines: lines.sort() };
}

async function listSorted(store: Store): Promise<unknown> {
  return [...(await store.coordinators())].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** How many come at once is the implementation's. */
async function firstOfLog(store: Store, sequence: number): Promise<unknown> {
  const tail = await store.readLog(sequence, 0);
  return tail.kind === "entries" ? { kind: tail.kind, entries: tail.entries.slice(0, 10) } : tail;
}

test(`the simulated store and Redis give equal answers to ${operations} random operations`, async () => {
  const random = new Random(20_260_101);
  const time = new WorldTime();
  const history = new History(() => time.nowMs);
  const network = new Network(time, random.stream("network"));
  const machine = (name: string) => new Machine(name, time, { offsetMs: 0, rateError: 0 }, 1_000);
  const simulated = new SimulatedStore({
    process: machine("c1").start("c1"),
    coordinatorId: "c1",
    network,
    deployment: new RedisDeployment(time, history, [machine("redis")], new MemoryDatabase(), 0),
    random: random.stream("store"),
    mishaps: noMishaps,
    history,
    waitReplicas: 0,
    commitsWaitForReplicas: false,
    stepDownMs: 2_000,
  });
  const inTheWorld = async (operation: Operation) => {
    let settled = false;
    const answer = operation(simulated).finally(() => {
      settled = true;
    });
    await onStackOfItsOwn(() => time.run(time.nowMs + answerWithinMs, () => settled));
    return answer;
  };
  // Lets the connections stand.
  await onStackOfItsOwn(() => time.run(answerWithinMs, () => false));
  const drawn = new Operations(random.stream("operations"));
  const answered = new Map<string, number>();
  for (let number = 1; number <= operations; number += 1) {
    const { what, act } = drawn.next();
    const expected = await act(real);
    expect(await inTheWorld(act), `operation ${number}: ${what}`).toEqual(expected);
    const kind = String((expected as { kind?: unknown } | null)?.kind ?? "other");
    answered.set(kind, (answered.get(kind) ?? 0) + 1);
  }
  for (const kind of ["committed", "refused", "acquired", "held", "epochTooLow", "entries", "trimmed"]) {
    expect(answered.get(kind) ?? 0, `answers of kind "${kind}"`).toBeGreaterThan(20);
  }
}, 120_000);
