/**
 * Makes a failing plan small: leaves out faults and work as long as the same promise is still broken. Every concern of a world
 * draws its own random numbers, so that the rest stays as it was. Delta debugging (Zeller and Hildebrandt, 2002), with a bound
 * on how often it tries.
 */
import { planOf, runSeed, type SeedResult } from "./run-seed.ts";

export interface Shrunk {
  readonly keptFaults: readonly number[];
  readonly keptWork: readonly number[];
  readonly result: SeedResult;
}

type Fails = (keptFaults: readonly number[], keptWork: readonly number[]) => Promise<boolean>;

const triesMax = 80;

/** @param failing the result of the whole plan, with a violation */
export async function shrink(failing: SeedResult): Promise<Shrunk> {
  const { seed } = failing;
  const checker = failing.violations[0]?.checker;
  const plan = planOf(seed);
  let smallest = failing;
  let tries = 0;
  const fails: Fails = async (keptFaults, keptWork) => {
    if (tries >= triesMax) return false;
    tries += 1;
    const result = await runSeed(seed, { keptFaults, keptWork });
    if (result.violations[0]?.checker !== checker) return false;
    smallest = result;
    return true;
  };
  const everything = (items: readonly unknown[]) => items.map((_, index) => index);
  // What was planned for later than the violation did not take part in it.
  const { atMs } = failing.violations[0] ?? { atMs: Number.POSITIVE_INFINITY };
  const before = (items: readonly { atMs: number }[]) =>
    everything(items).filter((at) => (items[at]?.atMs ?? 0) <= atMs);
  let keptFaults = before(plan.faults);
  let keptWork = before(plan.work);
  if (!(await fails(keptFaults, keptWork))) {
    keptFaults = everything(plan.faults);
    keptWork = everything(plan.work);
  }
  keptFaults = await without(keptFaults, (kept) => fails(kept, keptWork));
  keptWork = await without(keptWork, (kept) => fails(keptFaults, kept));
  return { keptFaults, keptWork, result: smallest };
}

/** The smallest subset found that still fails. */
async function without(items: readonly number[], fails: (kept: number[]) => Promise<boolean>): Promise<number[]> {
  let kept = [...items];
  if (kept.length > 0 && (await fails([]))) return [];
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length; ) {
      const rest = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await fails(rest)) kept = rest;
      else at += size;
    }
  }
  return kept;
}
