import { expect, test } from "vitest";
import { allMutants } from "./all-mutants.ts";
import { findingText, mutantsNamed, searchMutants } from "./run-mutants.ts";

const [first, second] = allMutants.map(({ name }) => name) as [string, string];

test("counts the seeds up to the first that finds it, and those that were in vain", async () => {
  const result = await searchMutants({
    mutants: mutantsNamed([first, second]),
    firstSeed: 10,
    seedsPerMutant: 5,
    parallel: 2,
    run: async ({ name }, seed) => {
      const finds = name === first && seed >= 12;
      return { seed, violation: finds ? { checker: "a promise", message: "it was broken" } : null };
    },
    // Seed 12 breaks a promise by itself.
    runClean: async (seed) => ({ seed, violation: seed === 12 ? { checker: "another", message: "so too" } : null }),
  });
  expect(result).toEqual({
    mutants: 2,
    found: 1,
    table: [
      { mutant: first, found: true, seeds: 4, checker: "a promise", message: "it was broken" },
      { mutant: second, found: false, seeds: 5, checker: "", message: "" },
    ],
  });
  expect(result.table.map(findingText)).toEqual([
    `found      ${first} after 4 seeds: a promise\n           it was broken`,
    `NOT FOUND  ${second} in 5 seeds`,
  ]);
});

test("an unknown name is refused with those that there are", () => {
  expect(() => mutantsNamed(["no-such-bug"])).toThrow(/there is no mutant "no-such-bug"; there are no-epoch-check/);
});
