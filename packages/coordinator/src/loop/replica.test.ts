import { expect, test } from "vitest";
import { defaultSettings } from "../core/settings.ts";
import { MemoryDatabase } from "../store/memory/memory-database.ts";
import { MemoryStore } from "../store/memory/memory-store.ts";
import { acquireAs, batchAfter } from "../store/store.contract.ts";
import { Replica } from "./replica.ts";
import { Server } from "./testing/contenders.ts";
import { MemoryJournal } from "./testing/memory-journal.ts";

const quiet = { info() {}, warn() {}, error() {} };
const noChanges = { reset() {}, emptied() {}, publish() {} };
const clock = { now: () => ({ wallMs: 0, steadyMs: 0 }) };
const start = { epoch: 0, sequence: 0 };
const event = '+event\t1\t{"sequence":1,"atMs":0,"kind":"test","subject":"a","message":"","epoch":1}';

test("a copy of a log in which nothing stands yet does not go on with another log", async () => {
  const server = new Server();
  const store = () => new MemoryStore({ database: server.database, now: () => 0 });
  await store().acquire(acquireAs("c1", { lineageToBegin: "first" }));
  const following = new Proxy(store(), { get: (_, name) => Reflect.get(store(), name).bind(store()) });
  const replica = new Replica(following, clock, noChanges, defaultSettings.agingMs, quiet, new MemoryJournal());
  await replica.follow(0);
  expect([replica.lineage, replica.position.sequence]).toEqual(["first", 0]);
  // Another server takes its place, which has never had that log.
  server.restore(new MemoryDatabase(), "another");
  await store().acquire(acquireAs("c1", { lineageToBegin: "second" }));
  await store().commit(batchAfter(start, [event]));
  await replica.follow(0);
  expect([replica.lineage, replica.position.sequence]).toEqual(["second", 1]);
});
