/** Runs seeds with known bugs put back, one after the other, and counts how many it takes to find each. */
import { findingText, type MutantsResult, mutantsNamed, searchMutants } from "../mutants/run-mutants.ts";
import { SeedThreads } from "./seed-threads.ts";

export interface MutantsWish {
  readonly from: number;
  /** After so many seeds a bug counts as not found. */
  readonly seedsPerMutant: number;
  readonly workers: number;
  /** None: all. */
  readonly names: readonly string[];
  readonly told: (line: string) => void;
}

export async function runMutants(wish: MutantsWish): Promise<MutantsResult> {
  const { from, seedsPerMutant, workers, names, told } = wish;
  let present: { readonly name: string; readonly threads: SeedThreads } | null = null;
  const threadsFor = (mutant: string): SeedThreads => {
    if (present?.name === mutant) return present.threads;
    void present?.threads.close();
    present = { name: mutant, threads: new SeedThreads(workers, { mutant, verifyReplay: false }) };
    return present.threads;
  };
  const clean = new SeedThreads(workers, { mutant: null, verifyReplay: false });
  try {
    return await searchMutants({
      mutants: mutantsNamed(names),
      firstSeed: from,
      seedsPerMutant,
      parallel: 2 * workers,
      run: async ({ name }, seed) => {
        const { violations } = await threadsFor(name).run(seed);
        return { seed, violations };
      },
      runClean: async (seed) => ({ seed, violations: (await clean.run(seed)).violations }),
      told: (finding) => told(findingText(finding)),
    });
  } finally {
    await clean.close();
    await (present as { threads: SeedThreads } | null)?.threads.close();
  }
}
