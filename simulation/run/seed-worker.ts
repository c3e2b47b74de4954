/** A thread that runs the seeds that it is given, one after the other; with the bugs of a mutant, if one is named. */
import { parentPort, workerData } from "node:worker_threads";
import { loadMutant } from "../mutants/load-mutant.ts";

export interface SeedWorkerData {
  readonly mutant: string | null;
  /** Each seed is run twice, and must do the same both times. */
  readonly verifyReplay: boolean;
}

const { mutant, verifyReplay } = workerData as SeedWorkerData;
if (mutant !== null) loadMutant(mutant);
// After the mutant's patches are in place.
const { runSeed } = await import("./run-seed.ts");

parentPort?.on("message", async (seed: number) => {
  const result = await runSeed(seed, { hashed: verifyReplay });
  const again = verifyReplay ? await runSeed(seed, { hashed: true }) : result;
  const differs = { checker: "the same seed does the same", atMs: 0, message: `${result.hash} is not ${again.hash}` };
  const violations = result.hash === again.hash ? result.violations : [...result.violations, differs];
  parentPort?.postMessage({ ...result, violations });
});
