/**
 * What a Node user would take instead: BullMQ, on a Redis with the same settings, with its jobs added in bulk and four
 * workers in processes of their own that take many at a time. A job counts when its worker was told that it is completed.
 */

import { startRedis } from "@holdfast/test/harness/redis.ts";
import { Queue } from "bullmq";
import type { Benchmark } from "../measure/benchmark.ts";
import { Child } from "../measure/child.ts";
import { steadyMs } from "../measure/steady-clock.ts";
import { type FromWorker, queueName, type WorkerSettings } from "./bullmq-messages.ts";

const workers = 4;
const warmUpJobs = 1_000;
const bulkSize = 500;
const adders = 4;
/** Jobs at a time in a worker. More no-ops at a time are not faster; of processes, two cores run a few at a time. */
const concurrency = { noop: 100, spawn: 4 };
const timeoutMs = 300_000;

export async function measureBullmq({ quick, say }: Benchmark) {
  const bullmqNoopPerS = await complete("noop", quick ? 10_000 : 50_000);
  say(`BullMQ, jobs that do nothing: ${bullmqNoopPerS}/s`);
  const bullmqSpawnPerS = await complete("spawn", quick ? 1_000 : 10_000);
  say(`BullMQ, jobs that spawn /bin/true: ${bullmqSpawnPerS}/s`);
  return { bullmqNoopPerS, bullmqSpawnPerS };
}

/** @returns jobs a second, from the first one's addition to the last one's completion */
async function complete(job: WorkerSettings["job"], jobs: number): Promise<number> {
  await using redis = await startRedis();
  await using stack = new AsyncDisposableStack();
  const queue = new Queue(queueName, { connection: { path: redis.socketPath } });
  stack.defer(() => queue.close());
  const counter = new Counter();
  for (let number = 0; number < workers; number += 1) {
    const settings: WorkerSettings = { socketPath: redis.socketPath, job, concurrency: concurrency[job] };
    const worker = stack.use(new Child<never, FromWorker>("bullmq-worker.ts", { settings }));
    worker.on((message) => {
      if (message.kind === "completed") counter.add(message.jobs);
    });
    await worker.next("ready", 30_000);
  }
  await addAll(queue, warmUpJobs);
  await counter.reached(warmUpJobs);
  const fromMs = steadyMs();
  await Promise.all([addAll(queue, jobs), counter.reached(warmUpJobs + jobs)]);
  return Math.round((jobs * 1_000) / (steadyMs() - fromMs));
}

async function addAll(queue: Queue, jobs: number): Promise<void> {
  let left = jobs;
  const add = async () => {
    while (left > 0) {
      const count = Math.min(bulkSize, left);
      left -= count;
      await queue.addBulk(
        Array.from({ length: count }, () => ({ name: "job", data: {}, opts: { removeOnComplete: true } })),
      );
    }
  };
  await Promise.all(Array.from({ length: adders }, add));
}

class Counter {
  #count = 0;
  #target = Number.POSITIVE_INFINITY;
  #resolve: () => void = () => {};

  add(count: number): void {
    this.#count += count;
    if (this.#count >= this.#target) this.#resolve();
  }

  async reached(target: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new Error(`${this.#count} of ${target} jobs after ${timeoutMs} ms`)),
      timeoutMs,
    );
    this.#target = target;
    this.#resolve = resolve;
    this.add(0);
    await promise.finally(() => clearTimeout(timer));
  }
}
