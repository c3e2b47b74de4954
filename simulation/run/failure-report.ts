/** What a person is told of a seed that broke a promise: what, when, the smallest plan that does it, and how to see it again. */
import { planOf, type SeedResult } from "./run-seed.ts";
import { shrink } from "./shrink.ts";

const shownViolations = 3;
const shownWork = 12;

export async function describeFailure(failing: SeedResult): Promise<string> {
  const { seed } = failing;
  const { keptFaults, keptWork, result } = await shrink(failing);
  const plan = planOf(seed);
  const faults = keptFaults.map((index) => `    ${index}: ${JSON.stringify(plan.faults[index])}`);
  const work = keptWork.slice(0, shownWork).map((index) => `    ${index}: ${JSON.stringify(plan.work[index])}`);
  if (keptWork.length > shownWork) work.push(`    … and ${keptWork.length - shownWork} more`);
  const list = (indices: readonly number[]) => (indices.length === 0 ? "none" : indices.join(","));
  return [
    `seed ${seed} broke a promise:`,
    ...failing.violations.slice(0, shownViolations).map(({ checker, message }) => `  ${checker}: ${message}`),
    `  the smallest plan found, with ${keptFaults.length} of ${plan.faults.length} faults:`,
    ...result.violations.slice(0, 1).map(({ checker, message }) => `  ${checker}: ${message}`),
    "  faults:",
    ...faults,
    `  work (${keptWork.length} of ${plan.work.length}):`,
    ...work,
    `  again: npm run simulate -- --seeds 1 --from ${seed} --trace --faults ${list(keptFaults)} --work ${list(keptWork)}`,
  ].join("\n");
}
