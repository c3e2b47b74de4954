/** Runs many seeds on several threads. */
import type { SeedResult } from "./run-seed.ts";
import { SeedThreads } from "./seed-threads.ts";

export interface SeedsWish {
  readonly from: number;
  readonly count: number;
  readonly workers: number;
  readonly verifyReplay: boolean;
  /** Told each result, in the order in which they come. */
  readonly take: (result: SeedResult) => void;
}

/** So many seeds wait for each thread, so that none runs dry. */
const ahead = 3;

/** Rejects when a thread fails. */
export async function runSeeds({ from, count, workers, verifyReplay, take }: SeedsWish): Promise<void> {
  const threads = new SeedThreads(Math.min(workers, count), { mutant: null, verifyReplay });
  let next = from;
  const oneAfterTheOther = async () => {
    while (next < from + count) {
      next += 1;
      take(await threads.run(next - 1));
    }
  };
  try {
    await Promise.all(Array.from({ length: ahead * workers }, oneAfterTheOther));
  } finally {
    await threads.close();
  }
}
