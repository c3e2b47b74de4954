/** The store on a real Redis: the contract, and what only a server of its own can do wrong. */
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RedisServer, startRedis, startSentinel } from "../../../../../test/harness/redis.ts";
import { acquireAs, batchAfter, body, commitAll, describeStore, loadAll, positionOf, task } from "../store.contract.ts";
import { StoreFull, StoreUnavailable } from "../store.ts";
import { Connection } from "./connection.ts";
import { openRedisStore, type RedisStore } from "./redis-store.ts";

const start = { epoch: 0, sequence: 0 };
const { epoch } = acquireAs("c1");

let server: RedisServer;
/** A client that is not the store's, to look and to disturb. */
let admin: Redis;

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis({ path: server.socketPath, protocol: 2 });
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

/** A store of a cell of its own, on which `c1` leads. */
async function openLeading(url = server.url): Promise<{ store: RedisStore; cell: string }> {
  const cell = randomUUID();
  const store = await openRedisStore({ url, cell, clientName: cell });
  expect(await store.acquire(acquireAs("c1"))).toMatchObject({ kind: "acquired" });
  return { store, cell };
}

/** Ends the connections of a store that its purpose names, from the server's side. */
async function killConnections(cell: string, purpose: string): Promise<void> {
  const clients = String(await admin.client("LIST")).split("\n");
  const ids = clients
    .filter((line) => line.includes(`name=${cell}-${purpose}`))
    .map((line) => /id=(\d+)/.exec(line)?.[1]);
  expect(ids, "connections to kill").toHaveLength(1);
  for (const id of ids) await admin.client("KILL", "ID", id ?? "");
}

/** Waits until the primary lists its replica, which is when a sentinel learns of it. */
async function replicaOnline(primary: RedisServer): Promise<void> {
  const control = new Redis({ path: primary.socketPath, protocol: 2 });
  await expect
    .poll(() => control.info("replication"), { interval: 20, timeout: 5_000 })
    .toMatch(/slave0:.*state=online/);
  control.disconnect();
}

/** A new replica acknowledges for the first time after up to a second; until then the lease does not count. */
async function acquireReplicated(store: RedisStore): Promise<void> {
  await expect
    .poll(() => store.acquire(acquireAs("c1")).catch(String), { interval: 20, timeout: 5_000 })
    .toMatchObject({ kind: "acquired" });
}

describeStore("RedisStore", async () => {
  const cell = randomUUID();
  return { connect: () => openRedisStore({ url: server.url, cell }), dispose: async () => {} };
});

describe("RedisStore", () => {
  test("a Redis that lost its scripts is told them again", async () => {
    const { store } = await openLeading();
    await admin.script("FLUSH");
    expect(await store.renew(epoch, 60_000)).toBe(true);
    await commitAll(store, start, [[task("t1", "pending")]]);
    await store.close();
  });

  test("a connection that ends under a commit: no answer, and the repeat is committed exactly once", async () => {
    const { store, cell } = await openLeading();
    const batch = batchAfter(start, [task("t1", "pending"), body("t1")]);
    // Paused writes hold the commit back in Redis, so that the connection surely ends under it.
    await admin.client("PAUSE", 60_000, "WRITE");
    const committing = store.commit(batch);
    committing.catch(() => {});
    const sent = new RegExp(`name=${cell}-main .*cmd=eval`);
    await expect.poll(async () => String(await admin.client("LIST")), { interval: 5 }).toMatch(sent);
    await killConnections(cell, "main");
    await admin.client("UNPAUSE");
    await expect(committing).rejects.toBeInstanceOf(StoreUnavailable);
    await expect.poll(() => store.commit(batch).catch(String), { interval: 10 }).toEqual({ kind: "committed" });
    expect(await store.commit(batch)).toEqual({ kind: "committed" });
    expect(await store.readLog(0, 0)).toMatchObject({ entries: [{ sequence: 1, lines: batch.lines }] });
    expect(await admin.xlen(`hf:{${cell}}:log`)).toBe(1);
    await store.close();
  });

  test("a commit whose answer was lost is answered with committed", async () => {
    const { store, cell } = await openLeading();
    const batch = batchAfter(start, [task("t1", "pending")]);
    const committing = store.commit(batch);
    committing.catch(() => {});
    await expect.poll(() => admin.xlen(`hf:{${cell}}:log`), { interval: 1 }).toBe(1);
    await killConnections(cell, "main");
    await committing.catch((error) => expect(error).toBeInstanceOf(StoreUnavailable));
    await expect.poll(() => store.commit(batch).catch(String), { interval: 10 }).toEqual({ kind: "committed" });
    expect(await admin.xlen(`hf:{${cell}}:log`)).toBe(1);
    await store.close();
  });

  test("a read of the log that waits rejects when its connection ends, and the next one works", async () => {
    const { store, cell } = await openLeading();
    const reading = store.readLog(0, 5_000);
    reading.catch(() => {});
    await expect.poll(async () => (await admin.info("clients")).match(/blocked_clients:(\d+)/)?.[1]).toBe("1");
    await killConnections(cell, "tail");
    await expect(reading).rejects.toBeInstanceOf(StoreUnavailable);
    await expect
      .poll(() => store.readLog(0, 0).catch(String), { interval: 10 })
      .toEqual({ kind: "entries", entries: [] });
    await store.close();
  });

  test("keys of another type fail the commit before anything is written", async () => {
    for (const kind of ["log", "task", "cluster"]) {
      const { store, cell } = await openLeading();
      const key = `hf:{${cell}}:${kind}`;
      await admin.set(key, "not ours");
      const committing = store.commit(batchAfter(start, [task("t1", "pending"), body("t1")]));
      await expect(committing).rejects.toThrow(/WRONGTYPE/);
      await expect(committing).rejects.not.toBeInstanceOf(StoreUnavailable);
      expect(await store.head()).toEqual({ lineage: "lineage-1", position: start });
      expect(await store.readBody("t1")).toBeNull();
      expect(await admin.get(key)).toBe("not ours");
      await store.close();
    }
  });

  test("a Redis that is not there is unavailable at once, and the error says where and why", async () => {
    const away = await openRedisStore({ url: `redis+unix://${server.folder}/none.sock`, cell: "main" });
    await expect(away.head()).rejects.toThrow(/read the head: not connected to .*none\.sock .*ENOENT/);
    await expect(away.head()).rejects.toBeInstanceOf(StoreUnavailable);
    await away.close();
  });

  test("with fewer replicas than must have it, a lease does not count", async () => {
    const store = await openRedisStore({ url: server.url, cell: randomUUID(), redisWaitReplicas: 1 });
    await expect(store.acquire(acquireAs("c1"))).rejects.toThrow(/0 of 1 replicas/);
    await expect(store.renew(epoch, 60_000)).rejects.toBeInstanceOf(StoreUnavailable);
    await store.close();
  });
});

describe("a server of its own", () => {
  test("a full Redis refuses commits whole, and still renews, trims, releases and acquires", async () => {
    await using full = await startRedis();
    const { store } = await openLeading(full.url);
    const position = await commitAll(store, start, [[task("t1", "pending")], []]);
    const control = new Redis({ path: full.socketPath, protocol: 2 });
    await control.config("SET", "maxmemory", "1");

    const batch = batchAfter(position, [task("t2", "pending"), "-task\tt1\t"]);
    await expect(store.commit(batch)).rejects.toBeInstanceOf(StoreFull);
    expect(await loadAll(store)).toEqual([task("t1", "pending")]);
    expect(await store.head()).toMatchObject({ position });
    expect(await store.renew(epoch, 60_000)).toBe(true);
    await store.trimLog(epoch, 1);
    expect(await store.readLog(0, 0)).toEqual({ kind: "trimmed" });
    expect(await store.release(epoch)).toBe(true);
    expect(await store.acquire(acquireAs("c1", { epoch: epoch + 1 }))).toMatchObject({ kind: "acquired", position });
    await store.announce({ id: "c1", address: "c1:7400", version: "0.1.0", startedAtMs: 1 }, 60_000);
    expect(await store.coordinators()).toHaveLength(1);
    expect(await store.memory()).toMatchObject({ limitBytes: 1 });

    await control.config("SET", "maxmemory", "0");
    expect(await store.commit({ ...batch, epoch: epoch + 1 })).toEqual({ kind: "committed" });
    control.disconnect();
    await store.close();
  });

  test("with a replica that has it, a lease counts", async () => {
    await using primary = await startRedis({ tcp: true, settings: { "repl-diskless-sync-delay": "0" } });
    await using replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${primary.port}` } });
    const control = new Redis({ path: replica.socketPath, protocol: 2 });
    await replicaOnline(primary);
    const store = await openRedisStore({ url: primary.url, cell: "main", redisWaitReplicas: 1 });
    await acquireReplicated(store);
    expect(await store.renew(epoch, 60_000)).toBe(true);
    const bounds = { replicas: 1, bySentinel: false, minReplicasToWrite: 1, minReplicasMaxLagMs: 3_000 };
    const settings = new Redis({ path: primary.socketPath, protocol: 2 });
    await settings.config("SET", "min-replicas-to-write", "1", "min-replicas-max-lag", "3");
    expect(await store.replication()).toEqual(bounds);
    await settings.acl("SETUSER", "default", "-config");
    expect(await store.replication()).toEqual({ ...bounds, minReplicasToWrite: null, minReplicasMaxLagMs: null });
    settings.disconnect();
    expect(await control.get("hf:{main}:lease")).toMatch(/^1786543210987001\tc1\t/);

    const misled = await openRedisStore({ url: replica.url, cell: "main" });
    await expect(misled.commit(batchAfter(start, []))).rejects.toBeInstanceOf(StoreUnavailable);
    await Promise.all([store.close(), misled.close()]);
    control.disconnect();
  });

  test("where commits wait for replicas, one without them has no answer, on whatever connection it is repeated", async () => {
    await using primary = await startRedis({ tcp: true, settings: { "repl-diskless-sync-delay": "0" } });
    const replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${primary.port}` } });
    await replicaOnline(primary);
    const options = { url: primary.url, cell: "main", redisWaitReplicas: 1, commitsWaitForReplicas: true };
    const store = await openRedisStore({ ...options, commandTimeoutMs: 200 });
    await acquireReplicated(store);
    const first = batchAfter(start, [task("t1", "pending")]);
    expect(await store.commit(first)).toEqual({ kind: "committed" });

    replica.pause();
    const second = batchAfter(positionOf(first), [task("t2", "pending")]);
    await expect(store.commit(second)).rejects.toThrow(/commit: 0 of 1 replicas/);
    const repeating = await openRedisStore({ ...options, commandTimeoutMs: 200 });
    await expect(repeating.commit(second)).rejects.toThrow(/commit: 0 of 1 replicas/);
    replica.resume();
    await expect
      .poll(() => repeating.commit(second).catch(String), { interval: 10, timeout: 5_000 })
      .toEqual({ kind: "committed" });
    await Promise.all([store.close(), repeating.close()]);
    await replica.stop();
  });

  test("a server that was started again, or was a replica, shows another id to whoever acquires", async () => {
    const id = /^[0-9a-f.]{40,}$/;
    await using redis = await startRedis({ tcp: true });
    const store = await openRedisStore({ url: redis.url, cell: "main" });
    const serverId = async (by: number) => {
      const result = await store.acquire(acquireAs("c1", { epoch: by, takeOverEpoch: by - 1 }));
      return result.kind === "acquired" ? result.serverId : result.kind;
    };
    const before = await serverId(epoch);
    expect(before).toMatch(id);
    expect(await serverId(epoch + 1)).toBe(before);
    await redis.restart();
    await expect.poll(() => serverId(epoch + 2).catch(String), { interval: 10, timeout: 5_000 }).toMatch(id);
    const restarted = await serverId(epoch + 3);
    expect(restarted).not.toBe(before);

    const control = new Redis({ path: redis.socketPath, protocol: 2 });
    await control.replicaof("127.0.0.1", 1);
    await control.replicaof("NO", "ONE");
    await expect.poll(() => serverId(epoch + 4).catch(String), { interval: 10, timeout: 5_000 }).toMatch(id);
    expect(await serverId(epoch + 5), "it may have copied another while it was a replica").not.toBe(restarted);
    control.disconnect();
    await store.close();
  });

  test("after a fail-over the store finds the new primary through the sentinel", { timeout: 30_000 }, async () => {
    await using primary = await startRedis({ tcp: true, settings: { "repl-diskless-sync-delay": "0" } });
    await using replica = await startRedis({ tcp: true, settings: { replicaof: `127.0.0.1 ${primary.port}` } });
    const control = new Redis({ path: replica.socketPath, protocol: 2 });
    await replicaOnline(primary);
    await using sentinel = await startSentinel(primary, 500);
    const store = await openRedisStore({ url: sentinel.url, cell: "main", redisWaitReplicas: 1 });
    await acquireReplicated(store);
    const batch = batchAfter(start, [task("t1", "pending")]);
    await store.commit(batch);
    expect(await store.renew(epoch, 60_000)).toBe(true);

    await primary.kill();
    await expect
      .poll(() => store.commit(batch).catch(String), { interval: 20, timeout: 20_000 })
      .toEqual({ kind: "committed" });
    expect(await control.role()).toMatchObject({ 0: "master" });
    await commitAll(store, positionOf(batch), [[task("t1", "running")]]);
    await store.close();
    control.disconnect();
  });

  test("a connection that is ended while it is being made is made again", async () => {
    await using primary = await startRedis({ tcp: true });
    await using sentinel = await startSentinel(primary, 500);
    const connection = new Connection({ url: sentinel.url, name: "test", commandTimeoutMs: 1_000 });
    const opening = connection.open(1_000);
    connection.redis.disconnect(true);
    await opening;
    await expect
      .poll(() => connection.run("ask", (redis) => redis.ping()).catch(String), { interval: 10, timeout: 5_000 })
      .toBe("PONG");
    connection.close();
  });

  test("a Redis with a password serves those who know it", async () => {
    await using redis = await startRedis();
    const control = new Redis({ path: redis.socketPath, protocol: 2 });
    await control.config("SET", "requirepass", "s3cret/:");
    control.disconnect();
    const stranger = await openRedisStore({ url: redis.url, cell: "main" });
    await expect(stranger.head()).rejects.toThrow(/not connected to .*NOAUTH/);
    const store = await openRedisStore({ url: redis.url.replace("//", "//:s3cret%2F%3A@"), cell: "main" });
    expect(await store.head()).toBeNull();
    await Promise.all([stranger.close(), store.close()]);
  });

  test("what was committed is there after a power cut, and the store finds the new server", async () => {
    await using redis = await startRedis({ tcp: true });
    const { store } = await openLeading(redis.url);
    const batch = batchAfter(start, [task("t1", "pending")]);
    await store.commit(batch);
    await redis.kill();
    await expect(store.head()).rejects.toBeInstanceOf(StoreUnavailable);
    await redis.restart();
    await expect
      .poll(() => store.head().catch(String), { interval: 10, timeout: 5_000 })
      .toMatchObject({ position: positionOf(batch) });
    expect(await store.commit(batch)).toEqual({ kind: "committed" });
    await store.close();
  });

  test("a hung Redis gives no answer in time, and the store goes on when it is back", async () => {
    await using redis = await startRedis();
    const store = await openRedisStore({ url: redis.url, cell: "main", commandTimeoutMs: 200 });
    await store.acquire(acquireAs("c1"));
    redis.pause();
    const batch = batchAfter(start, [task("t1", "pending")]);
    await expect(store.commit(batch)).rejects.toBeInstanceOf(StoreUnavailable);
    redis.resume();
    await expect
      .poll(() => store.commit(batch).catch(String), { interval: 10, timeout: 5_000 })
      .toEqual({ kind: "committed" });
    expect(await store.head()).toMatchObject({ position: positionOf(batch) });
    await store.close();
  });
});
