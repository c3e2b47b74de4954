/**
 * Checks the checkers: runs worlds with each known bug put back, one after the other, until a checker finds it. A bug that no
 * seed brings to light is a fault of the simulator, not of the product.
 */
import { allMutants } from "./all-mutants.ts";
import type { Mutant } from "./mutant.ts";

/** What a world came to. */
export interface WorldOutcome {
  readonly seed: number;
  /** In the order in which they were seen. */
  readonly violations: readonly { readonly checker: string; readonly message: string }[];
}

export interface MutantSearch {
  readonly mutants: readonly Mutant[];
  readonly firstSeed: number;
  /** After so many seeds a mutant counts as not found. */
  readonly seedsPerMutant: number;
  /** So many worlds run at once. */
  readonly parallel: number;
  /** Runs one world, in a process that has loaded the mutant. A defect that ends the run is a violation, too. */
  readonly run: (mutant: Mutant, seed: number) => Promise<WorldOutcome>;
  /** Runs the same world without any mutant: where that breaks a promise too, it is not the mutant that was found. */
  readonly runClean: (seed: number) => Promise<WorldOutcome>;
  /** Told of each mutant when it is decided. */
  readonly told?: (finding: Finding) => void;
}

export interface Finding {
  readonly mutant: string;
  readonly found: boolean;
  /** Until it was found, that one included; or all that were run. */
  readonly seeds: number;
  /** "" when it was not found. */
  readonly checker: string;
  readonly message: string;
}

export interface MutantsResult {
  readonly mutants: number;
  readonly found: number;
  readonly table: readonly Finding[];
}

/** @throws Error for a name that no mutant has. */
export function mutantsNamed(names: readonly string[]): readonly Mutant[] {
  const unknown = names.find((name) => !allMutants.some((mutant) => mutant.name === name));
  if (unknown !== undefined) {
    throw new Error(`there is no mutant "${unknown}"; there are ${allMutants.map(({ name }) => name).join(", ")}`);
  }
  return names.length === 0 ? allMutants : allMutants.filter(({ name }) => names.includes(name));
}

/** The number of seeds is that of the first one that finds it in order, whatever ran beside it. */
export async function searchMutants(search: MutantSearch): Promise<MutantsResult> {
  const table: Finding[] = [];
  for (const mutant of search.mutants) {
    const finding = await searchOne(search, mutant);
    table.push(finding);
    search.told?.(finding);
  }
  return { mutants: table.length, found: table.filter(({ found }) => found).length, table };
}

async function searchOne(search: MutantSearch, mutant: Mutant): Promise<Finding> {
  const { firstSeed, seedsPerMutant, parallel, run, runClean } = search;
  for (let done = 0; done < seedsPerMutant; done += parallel) {
    const count = Math.min(parallel, seedsPerMutant - done);
    const seeds = Array.from({ length: count }, (_, index) => firstSeed + done + index);
    const outcomes = await Promise.all(seeds.map((seed) => run(mutant, seed)));
    for (const [index, { seed, violations }] of outcomes.entries()) {
      const finding = violations.find(({ checker }) => checker === (mutant.foundBy ?? checker));
      if (finding === undefined || (await runClean(seed)).violations.length > 0) continue;
      const { checker, message } = finding;
      return { mutant: mutant.name, found: true, seeds: done + index + 1, checker, message };
    }
  }
  return { mutant: mutant.name, found: false, seeds: seedsPerMutant, checker: "", message: "" };
}

/** A line for a person. */
export function findingText({ mutant, found, seeds, checker, message }: Finding): string {
  const count = `${seeds} seed${seeds === 1 ? "" : "s"}`;
  return found
    ? `found      ${mutant} after ${count}: ${checker}\n           ${message.slice(0, 200)}`
    : `NOT FOUND  ${mutant} in ${count}`;
}
