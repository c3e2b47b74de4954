/** Runs many seeds on several threads. */
import { Worker } from "node:worker_threads";
import type { SeedResult } from "./run-seed.ts";
import type { SeedWorkerData } from "./seed-worker.ts";

export interface SeedsWish extends SeedWorkerData {
  readonly from: number;
  readonly count: number;
  readonly workers: number;
  /** Told each result, in the order in which they come; false: that is enough. */
  readonly take: (result: SeedResult) => boolean;
}

/** So many seeds wait in each thread, so that none runs dry. */
const ahead = 3;

/** Resolves when all have been run, or it was enough. Rejects when a thread fails. */
export async function runSeeds({ from, count, workers, take, ...workerData }: SeedsWish): Promise<void> {
  const threads = Array.from({ length: Math.min(workers, count) }, () => {
    return new Worker(new URL("./seed-worker.ts", import.meta.url), { workerData });
  });
  let next = from;
  let enough = false;
  const done = Promise.withResolvers<void>();
  let open = 0;
  const feed = (thread: Worker) => {
    if (!enough && next < from + count) {
      open += 1;
      thread.postMessage(next);
      next += 1;
    } else if (open === 0) done.resolve();
  };
  for (const thread of threads) {
    thread.on("error", done.reject);
    thread.on("message", (result: SeedResult) => {
      open -= 1;
      if (!enough) enough = !take(result);
      if (enough) done.resolve();
      else feed(thread);
    });
  }
  for (let round = 0; round < ahead; round += 1) for (const thread of threads) feed(thread);
  try {
    await done.promise;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
