/** Seeds that once broke a promise, and what they found; they run with every test of the simulator. */

export interface KeptSeed {
  readonly seed: number;
  /** What was wrong then. */
  readonly found: string;
}

export const keptSeeds: readonly KeptSeed[] = [
  {
    seed: 4_127,
    found: "a coordinator that still reads from an old primary was asked for a task that it does not know",
  },
  { seed: 6_067, found: "a node was lost late after an election, since the views of peers were too old to count" },
  { seed: 6_276, found: "an exclusive attempt that was still being started when its machine lost power" },
];
