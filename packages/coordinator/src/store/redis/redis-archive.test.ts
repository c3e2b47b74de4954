import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../../../../../test/harness/redis.ts";
import type { NodeMetric } from "../../core/series/sample.ts";
import { describeArchive } from "../archive.contract.ts";
import type { ArchivedValue, Resolution } from "../archive.ts";
import { StoreUnavailable } from "../store.ts";
import { RedisArchive } from "./redis-archive.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

let server: RedisServer;
/** To look. */
let admin: Redis;

beforeAll(async () => {
  server = await startRedis();
  admin = new Redis({ path: server.socketPath, protocol: 2 });
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

async function openArchive(cell = randomUUID()): Promise<{ archive: RedisArchive; cell: string }> {
  const archive = new RedisArchive({ url: server.url, name: cell, cell, commandTimeoutMs: 1_000 });
  await archive.open(1_000);
  return { archive, cell };
}

const value = (metric: NodeMetric, part: string, average: number): ArchivedValue => {
  return { metric, part, average, highest: average };
};

/** Chunks expire by the clock: what lies in the past would be gone at once. */
const todayMs = () => Math.floor(Date.now() / dayMs) * dayMs;

describe("RedisArchive", () => {
  test("a node with all its series takes 256 KiB at most, and chunks go by themselves", async () => {
    const { archive, cell } = await openArchive();
    const series = Array.from({ length: 40 }, (_, disk) =>
      value("disk_used", `/a/rather/long/mount/point/${disk}`, 0.5),
    );
    const write = (resolution: Resolution, atMs: number) => archive.write("node", resolution, atMs, series);
    for (let hour = 0; hour < 25; hour += 1) await write("minute", todayMs() + hour * hourMs);
    for (let day = 0; day < 31; day += 1) await write("hour", todayMs() + day * dayMs);
    const keys = await admin.keys(`hf:{${cell}}:series:*`);
    expect(keys.length, "chunks, and the names of the columns").toBe(25 + 31 + 1);
    let bytes = 0;
    for (const key of keys) {
      bytes += Number(await admin.memory("USAGE", key, "SAMPLES", 0));
      expect(await admin.pttl(key), `${key} expires`).toBeGreaterThan(0);
    }
    console.info(`a node takes ${bytes} bytes of Redis`);
    expect(bytes).toBeLessThanOrEqual(256 * 1024);
    archive.close();
  });

  test("more series than there are columns: those that came first stay, and the others are left out", async () => {
    const { archive } = await openArchive();
    const series = Array.from({ length: 60 }, (_, disk) => value("disk_used", `/${disk}`, disk));
    await archive.write("node", "minute", todayMs(), series);
    await archive.write("node", "minute", todayMs() + 60_000, series.toReversed());
    const read = await archive.read("node", "minute", todayMs(), todayMs() + 60_000);
    expect(read.map(({ part }) => Number(part.slice(1))).sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
    expect(read.every(({ part, averages }) => averages.every((number) => number === Number(part.slice(1))))).toBe(true);
    archive.close();
  });

  test("a column is given to another series when nothing of the first is kept any more", async () => {
    const { archive } = await openArchive();
    const first = Array.from({ length: 40 }, (_, card) => value("network_errors", `veth${card}`, 1));
    await archive.write("node", "minute", todayMs(), first);
    const later = [value("cpu_used", "", 0.5)];
    await archive.write("node", "minute", todayMs() + 32 * dayMs, later);
    expect(await archive.read("node", "minute", todayMs() + 32 * dayMs, todayMs() + 32 * dayMs), "too early").toEqual(
      [],
    );
    const afterMs = todayMs() + 33 * dayMs;
    await archive.write("node", "minute", afterMs, later);
    expect(await archive.read("node", "minute", afterMs, afterMs)).toMatchObject([
      { metric: "cpu_used", averages: [0.5] },
    ]);
    archive.close();
  });

  test("what a Redis does not take is told", async () => {
    const { archive } = await openArchive();
    await admin.config("SET", "maxmemory", "1");
    try {
      await expect(archive.write("node", "minute", todayMs(), [])).rejects.toThrow(StoreUnavailable);
    } finally {
      await admin.config("SET", "maxmemory", "0");
    }
    archive.close();
    await expect(archive.read("node", "minute", 0, 1)).rejects.toThrow(StoreUnavailable);
  });
});

describeArchive("RedisArchive", async () => (await openArchive()).archive);
