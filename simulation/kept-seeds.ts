/** Seeds that once broke a promise, and what they found; they run with every test of the simulator. */

export interface KeptSeed {
  readonly seed: number;
  /** What was wrong then. */
  readonly found: string;
}

export const keptSeeds: readonly KeptSeed[] = [];
