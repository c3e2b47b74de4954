/** Seeds that once broke a promise, and what they found; they run with every test of the simulator. */

export interface KeptSeed {
  readonly seed: number;
  /** What was wrong then. */
  readonly found: string;
}

export const keptSeeds: readonly KeptSeed[] = [
  { seed: 26, found: "a leader was stopped for less than it notices, and lost a node that had just come back" },
  { seed: 20_022, found: "a copy of a log without entries went on with another log" },
  { seed: 20_670, found: "journals with different gaps made orphans of one name, and the second was not merged" },
  { seed: 20_932, found: "a copy of a log without entries went on with another log, after a flush and a fail-over" },
  { seed: 2_200, found: "a renewal answered late brought a leadership back that had dropped orders" },
  { seed: 2_458, found: "what had changed was read from another primary's log, and lost tasks passed for forgotten" },
  { seed: 7_926, found: "placement resumed through a coordinator whose clock was behind was paused again by a merge" },
  {
    seed: 16_004,
    found: "placement resumed through a later leader was paused by a merge, since that leader's clock was behind",
  },
  {
    seed: 3_762,
    found: "a coordinator that stopped while the store was away tried to read it without a pause, for ever",
  },
];
