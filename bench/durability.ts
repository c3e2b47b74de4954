/**
 * What each level of durability costs: batches of 100 records of 600 bytes, one after the other, on a private Redis on this
 * machine. A leader commits no faster than this, and gathers larger batches when it is asked for more.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileJournal } from "@holdfast/coordinator/loop/journal/file-journal.ts";
import { openRedisStore } from "@holdfast/coordinator/store/redis/redis-store.ts";
import type { Position } from "@holdfast/coordinator/store/store.ts";
import { startRedis } from "@holdfast/test/harness/redis.ts";

export interface DurabilityFigures {
  readonly appendfsync: "everysec" | "always";
  readonly durability: "store" | "replicas" | "journal";
  readonly commitsPerS: number;
  readonly commitMs: { readonly p50: number; readonly p99: number };
}

const levels = [
  { appendfsync: "everysec", durability: "store" },
  { appendfsync: "everysec", durability: "replicas" },
  { appendfsync: "always", durability: "store" },
  { appendfsync: "always", durability: "replicas" },
  { appendfsync: "always", durability: "journal" },
] as const;
const epoch = 1_786_543_210_987_001;
const recordsPerBatch = 100;
const journalMaxBytes = 64 * 1024 * 1024;
const quiet = { info() {}, warn() {}, error() {} };

/** @param nextLine makes a record of its own each time */
export async function measureDurability(nextLine: () => string, runMs: number): Promise<DurabilityFigures[]> {
  const figures: DurabilityFigures[] = [];
  for (const level of levels) figures.push({ ...level, ...(await measure(level, nextLine, runMs)) });
  return figures;
}

async function measure({ appendfsync, durability }: (typeof levels)[number], nextLine: () => string, runMs: number) {
  await using parts = new AsyncDisposableStack();
  const redis = parts.use(await startRedis({ tcp: true, settings: { appendfsync, "repl-diskless-sync-delay": "0" } }));
  const replicas = durability === "replicas";
  if (replicas) parts.use(await startRedis({ settings: { appendfsync, replicaof: `127.0.0.1 ${redis.port}` } }));
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-journal-"));
  parts.defer(() => rmSync(folder, { recursive: true }));
  const journal = await openFileJournal({ folder, maxBytes: journalMaxBytes, log: quiet });
  parts.defer(() => journal.close());
  const waits = { redisWaitReplicas: replicas ? 1 : 0, commitsWaitForReplicas: replicas };
  const store = await openRedisStore({ url: redis.url, cell: "main", commandTimeoutMs: 10_000, ...waits });
  parts.defer(() => store.close());
  const request = { coordinatorId: "bench", address: "", epoch, ttlMs: 600_000, takeOverEpoch: null };
  await store.acquire({ ...request, lineageToBegin: "bench" });

  const commitMs: number[] = [];
  let position: Position = { epoch: 0, sequence: 0 };
  const commit = async () => {
    const lines = Array.from({ length: recordsPerBatch }, nextLine);
    const batch = { epoch, sequence: position.sequence + 1, previous: position, id: randomUUID(), lines };
    const sentAt = performance.now();
    const { kind } = await store.commit(batch);
    if (kind !== "committed") throw new Error(`commit ${batch.sequence} was refused`);
    journal.append("bench", batch);
    if (durability === "journal") await journal.flush();
    commitMs.push(performance.now() - sentAt);
    position = { epoch, sequence: batch.sequence };
  };
  const warmUpUntil = performance.now() + runMs / 5;
  while (performance.now() < warmUpUntil) await commit();
  commitMs.length = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < runMs) await commit();
  const durationMs = performance.now() - startedAt;
  commitMs.sort((a, b) => a - b);
  const at = (share: number) => Number((commitMs[Math.floor((commitMs.length - 1) * share)] ?? 0).toPrecision(3));
  return { commitsPerS: Math.round((commitMs.length * 1_000) / durationMs), commitMs: { p50: at(0.5), p99: at(0.99) } };
}
