/** The store in memory: the contract, and that time and waiting are the caller's. */
import { expect, test } from "vitest";
import { acquireAs, batchAfter, describeStore } from "../store.contract.ts";
import { MemoryDatabase } from "./memory-database.ts";
import { MemoryStore } from "./memory-store.ts";

describeStore("MemoryStore", async () => {
  const database = new MemoryDatabase();
  return {
    connect: async () => new MemoryStore({ database, now: () => performance.now() }),
    dispose: async () => {},
  };
});

test("a lease ends by the given clock", async () => {
  let nowMs = 1_000;
  const store = new MemoryStore({ now: () => nowMs });
  await store.acquire(acquireAs("c1", { ttlMs: 3_000 }));
  nowMs = 3_999;
  expect(await store.readLease()).not.toBeNull();
  nowMs = 4_000;
  expect(await store.readLease()).toBeNull();
});

test("a read waits by the given sleep, and a commit wakes it", async () => {
  const sleeps: { durationMs: number; wake: () => void }[] = [];
  const sleep = (durationMs: number) => new Promise<void>((wake) => sleeps.push({ durationMs, wake }));
  const store = new MemoryStore({ now: () => 0, sleep });
  await store.acquire(acquireAs("c1"));

  const first = store.readLog(0, 250);
  expect(sleeps.map(({ durationMs }) => durationMs)).toEqual([250]);
  sleeps[0]?.wake();
  expect(await first).toEqual({ kind: "entries", entries: [] });

  const second = store.readLog(0, 250);
  await store.commit(batchAfter({ epoch: 0, sequence: 0 }, []));
  expect(await second).toMatchObject({ kind: "entries", entries: [{ sequence: 1 }] });
});
