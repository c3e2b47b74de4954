/**
 * What a durable commit costs: batches of 1, 100 and 1,000 records of 600 bytes, one after the other as the leader
 * commits them, on a private Redis on this machine with `appendfsync always`; then what loading all of them costs, and what
 * each level of durability does (`durability.ts`).
 *
 * `commitMs` is from the call to the answer, `redisMs` how long Redis served nobody else (on average, by its own count),
 * `nodeUsPerRecord` this process's CPU time. Each size runs for 3 s after a warm-up.
 *
 *   node bench/store.ts [--json]      the last line is one JSON object
 */
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";
import { openRedisStore } from "@holdfast/coordinator/store/redis/redis-store.ts";
import type { Position, Store } from "@holdfast/coordinator/store/store.ts";
import { startRedis } from "@holdfast/test/harness/redis.ts";
import { Redis } from "ioredis";
import { measureDurability } from "./durability.ts";

const batchSizes = [1, 100, 1_000];
const recordBytes = 600;
const runMs = 3_000;
const epoch = 1_786_543_210_987_001;

interface CommitFigures {
  readonly records: number;
  readonly commitsPerS: number;
  readonly recordsPerS: number;
  readonly usPerRecord: number;
  readonly nodeUsPerRecord: number;
  readonly commitMs: { readonly p50: number; readonly p99: number };
  readonly redisMs: number;
}

let taskNumber = 0;

function nextTaskLine(): string {
  taskNumber += 1;
  const id = `main-${String(taskNumber).padStart(26, "0")}`;
  const header = `{"version":1,"id":"${id}","namespace":"default","name":"bench","state":"pending","reason":"`;
  return `+task\t${id}\t${header}${"x".repeat(recordBytes - header.length - 2)}"}`;
}

async function commitFor(store: Store, from: Position, records: number, durationMs: number) {
  const commitMs: number[] = [];
  let position = from;
  const startedAt = performance.now();
  while (performance.now() - startedAt < durationMs) {
    const lines = Array.from({ length: records }, nextTaskLine);
    const sequence = position.sequence + 1;
    const sentAt = performance.now();
    const result = await store.commit({ epoch, sequence, previous: position, id: randomUUID(), lines });
    commitMs.push(performance.now() - sentAt);
    if (result.kind !== "committed") throw new Error(`commit ${sequence} was refused`);
    position = { epoch, sequence };
  }
  return { position, commitMs: commitMs.sort((a, b) => a - b), durationMs: performance.now() - startedAt };
}

/** How long Redis took for a command on average since its statistics were reset. */
async function redisMeanMs(redis: Redis, command: string): Promise<number> {
  const statistics = await redis.info("commandstats");
  const us = new RegExp(`^cmdstat_${command}:.*usec_per_call=([0-9.]+)`, "m").exec(statistics)?.[1];
  return rounded(Number(us) / 1_000);
}

function at(sorted: readonly number[], share: number): number {
  return rounded(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const say = (line: string) => values.json || console.log(line);

await using server = await startRedis();
const admin = new Redis({ path: server.socketPath, protocol: 2 });
const store = await openRedisStore({ url: server.url, cell: "main", commandTimeoutMs: 10_000 });
await store.acquire({
  coordinatorId: "bench",
  address: "127.0.0.1:0",
  epoch,
  ttlMs: 600_000,
  takeOverEpoch: null,
  lineageToBegin: "bench",
});

const commits: CommitFigures[] = [];
let position: Position = { epoch: 0, sequence: 0 };
for (const records of batchSizes) {
  ({ position } = await commitFor(store, position, records, 500));
  await admin.config("RESETSTAT");
  const before = process.cpuUsage();
  const run = await commitFor(store, position, records, runMs);
  const cpu = process.cpuUsage(before);
  position = run.position;
  const count = run.commitMs.length;
  const figures = {
    records,
    commitsPerS: Math.round((count * 1_000) / run.durationMs),
    recordsPerS: Math.round((count * records * 1_000) / run.durationMs),
    usPerRecord: rounded((run.durationMs * 1_000) / (count * records)),
    nodeUsPerRecord: rounded((cpu.user + cpu.system) / (count * records)),
    commitMs: { p50: at(run.commitMs, 0.5), p99: at(run.commitMs, 0.99) },
    redisMs: await redisMeanMs(admin, "evalsha"),
  };
  commits.push(figures);
  say(
    `${records} records: ${figures.commitsPerS} commits/s, ${figures.recordsPerS} records/s, ` +
      `${figures.usPerRecord} us a record (${figures.nodeUsPerRecord} of Node), ` +
      `commit p50 ${figures.commitMs.p50} ms, p99 ${figures.commitMs.p99} ms, Redis ${figures.redisMs} ms`,
  );
}

let loaded = 0;
const loadStartedAt = performance.now();
await store.load((lines) => {
  loaded += lines.length;
});
const loadMs = Math.round(performance.now() - loadStartedAt);
say(`load: ${loaded} records in ${loadMs} ms, Redis ${await redisMeanMs(admin, "hscan")} ms for each 1,000`);

await store.close();
admin.disconnect();

const durability = await measureDurability(nextTaskLine, runMs);
for (const { appendfsync, durability: level, commitsPerS, commitMs } of durability) {
  say(
    `appendfsync ${appendfsync}, durability ${level}: ${commitsPerS} commits/s, p50 ${commitMs.p50} ms, p99 ${commitMs.p99} ms`,
  );
}
if (values.json) {
  const load = { records: loaded, ms: loadMs };
  console.log(JSON.stringify({ bench: "store", recordBytes, commits, load, durability }));
}
