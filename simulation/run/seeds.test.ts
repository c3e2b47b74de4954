/** Seeds of the simulator as tests: some hundred new ones, those that once found something, and that all of them replay. */
import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { keptSeeds } from "../kept-seeds.ts";
import { describeFailure } from "./failure-report.ts";
import type { SeedResult } from "./run-seed.ts";
import { runSeeds } from "./run-seeds.ts";
import { SeedThreads } from "./seed-threads.ts";

const workers = Math.min(2, availableParallelism());
const timeoutMs = 240_000;

async function run(from: number, count: number, verifyReplay = false): Promise<readonly SeedResult[]> {
  const results: SeedResult[] = [];
  await runSeeds({ from, count, workers, verifyReplay, take: (result) => results.push(result) });
  return results.sort((one, other) => one.seed - other.seed);
}

async function runKept(): Promise<readonly SeedResult[]> {
  const threads = new SeedThreads(workers, { mutant: null, verifyReplay: false });
  try {
    return await Promise.all(keptSeeds.map(({ seed }) => threads.run(seed)));
  } finally {
    await threads.close();
  }
}

async function expectNoViolation(results: readonly SeedResult[]): Promise<void> {
  const [failing] = results.filter(({ violations }) => violations.length > 0);
  if (failing !== undefined) expect.fail(await describeFailure(failing));
}

describe("the cluster keeps its promises", () => {
  test("in 160 simulated worlds, and in those that once broke one", { timeout: timeoutMs }, async () => {
    const results = await run(1, 160);
    expect(results).toHaveLength(160);
    await expectNoViolation([...results, ...(await runKept())]);
    const commitsUnknown = results.reduce((sum, result) => sum + result.commitsUnknown, 0);
    expect(commitsUnknown, "commits without an answer").toBeGreaterThan(100);
  });
});

describe("a seed", () => {
  test("does the same twice, and another does something else", { timeout: timeoutMs }, async () => {
    const results = await run(5_001, 6, true);
    for (const { violations } of results) expect(violations).toEqual([]);
    expect(new Set(results.map(({ hash }) => hash)).size, "different trace hashes").toBe(results.length);
  });
});

test("a world that does not end is told by its seed", async () => {
  const threads = new SeedThreads(1, { mutant: null, verifyReplay: false }, 1);
  try {
    await expect(Promise.all([threads.run(5), threads.run(6)])).rejects.toThrow(/^seed 5 has not ended within 1 ms/);
  } finally {
    await threads.close();
  }
});
