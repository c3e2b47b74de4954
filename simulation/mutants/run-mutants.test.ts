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
      return { seed, violations: finds ? [{ checker: "a promise", message: "it was broken" }] : [] };
    },
    // Seed 12 breaks a promise by itself.
    runClean: async (seed) => ({ seed, violations: seed === 12 ? [{ checker: "another", message: "so too" }] : [] }),
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

test("what another checker says does not count for a bug that one checker is there for", async () => {
  const result = await searchMutants({
    mutants: [{ name: "a-bug", bug: "", patches: [], foundBy: "the promise" }],
    firstSeed: 1,
    seedsPerMutant: 2,
    parallel: 1,
    run: async (_, seed) => ({
      seed,
      violations: [
        { checker: "another", message: "so too" },
        ...(seed === 2 ? [{ checker: "the promise", message: "it was broken" }] : []),
      ],
    }),
    runClean: async (seed) => ({ seed, violations: [] }),
  });
  expect(result.table).toMatchObject([{ found: true, seeds: 2, checker: "the promise" }]);
});

test("an unknown name is refused with those that there are", () => {
  expect(() => mutantsNamed(["no-such-bug"])).toThrow(/there is no mutant "no-such-bug"; there are no-epoch-check/);
});
