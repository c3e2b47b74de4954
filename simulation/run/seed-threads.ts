/** Threads that run seeds, each with the product loaded anew: with the bugs of a mutant, if one is named. */
import { Worker } from "node:worker_threads";
import type { SeedResult } from "./run-seed.ts";
import type { SeedWorkerData } from "./seed-worker.ts";

interface Thread {
  readonly worker: Worker;
  /** What waits for this thread, by seed. */
  readonly open: Map<number, PromiseWithResolvers<SeedResult>>;
}

export class SeedThreads {
  readonly #threads: readonly Thread[];

  constructor(count: number, workerData: SeedWorkerData) {
    this.#threads = Array.from({ length: count }, () => startThread(workerData));
  }

  /** @param seed one that is not being run at the moment. Rejects when its thread fails. */
  run(seed: number): Promise<SeedResult> {
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new Error("there is no thread");
    const idlest = others.reduce((best, thread) => (thread.open.size < best.open.size ? thread : best), first);
    const answer = Promise.withResolvers<SeedResult>();
    idlest.open.set(seed, answer);
    idlest.worker.postMessage(seed);
    return answer.promise;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}

function startThread(workerData: SeedWorkerData): Thread {
  const worker = new Worker(new URL("./seed-worker.ts", import.meta.url), { workerData });
  const open: Thread["open"] = new Map();
  worker.on("message", (result: SeedResult) => {
    open.get(result.seed)?.resolve(result);
    open.delete(result.seed);
  });
  const fail = (error: unknown) => {
    for (const { reject } of open.values()) reject(error);
    open.clear();
  };
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("a thread that runs seeds has ended")));
  return { worker, open };
}
