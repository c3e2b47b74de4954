/** Where all randomness of a fuzz run comes from: printed, and taken from HOLDFAST_FUZZ_SEED to see a failure again. */
import { randomInt } from "node:crypto";
import fc from "fast-check";

export const seed = Number(process.env["HOLDFAST_FUZZ_SEED"] ?? randomInt(2 ** 31));
console.info(`fuzzing with HOLDFAST_FUZZ_SEED=${seed}`);

/** The same `count` values for the same seed. */
export function drawn<Value>(arbitrary: fc.Arbitrary<Value>, count: number): Value[] {
  return fc.sample(arbitrary, { seed, numRuns: count });
}
