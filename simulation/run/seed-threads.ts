/** Threads that run seeds, each with the product loaded anew: with the bugs of a mutant, if one is named. */
import { Worker } from "node:worker_threads";
import type { SeedResult } from "./run-seed.ts";
import type { SeedWorkerData } from "./seed-worker.ts";

interface Thread {
  readonly worker: Worker;
  /** What waits for this thread, by seed, the one that runs first. */
  readonly open: Map<number, PromiseWithResolvers<SeedResult>>;
  /** When the one that runs began. */
  beganMs: number;
  readonly fail: (error: unknown) => void;
}

/** Real time: a world takes a quarter of a second. One in which time stands still never ends by itself. */
const defaultStuckAfterMs = 120_000;

export class SeedThreads {
  readonly #threads: readonly Thread[];
  readonly #watch: NodeJS.Timeout;

  constructor(count: number, workerData: SeedWorkerData, stuckAfterMs = defaultStuckAfterMs) {
    this.#threads = Array.from({ length: count }, () => startThread(workerData));
    this.#watch = setInterval(() => this.#failStuck(stuckAfterMs), Math.min(stuckAfterMs, 1_000));
  }

  /** @param seed one that is not being run at the moment. Rejects when its thread fails. */
  run(seed: number): Promise<SeedResult> {
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new Error("there is no thread");
    const idlest = others.reduce((best, thread) => (thread.open.size < best.open.size ? thread : best), first);
    const answer = Promise.withResolvers<SeedResult>();
    if (idlest.open.size === 0) idlest.beganMs = performance.now();
    idlest.open.set(seed, answer);
    idlest.worker.postMessage(seed);
    return answer.promise;
  }

  #failStuck(stuckAfterMs: number): void {
    for (const { open, beganMs, fail } of this.#threads) {
      const [seed] = open.keys();
      if (seed === undefined || performance.now() - beganMs < stuckAfterMs) continue;
      fail(
        new Error(`seed ${seed} has not ended within ${stuckAfterMs} ms; --seeds 1 --from ${seed} --trace shows why`),
      );
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }
}

function startThread(workerData: SeedWorkerData): Thread {
  const worker = new Worker(new URL("./seed-worker.ts", import.meta.url), { workerData });
  const open: Thread["open"] = new Map();
  const fail = (error: unknown) => {
    for (const { reject } of open.values()) reject(error);
    open.clear();
  };
  const thread: Thread = { worker, open, beganMs: 0, fail };
  worker.on("message", (result: SeedResult) => {
    open.get(result.seed)?.resolve(result);
    open.delete(result.seed);
    thread.beganMs = performance.now();
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("a thread that runs seeds has ended")));
  return thread;
}
