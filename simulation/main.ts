/** The command line: runs seeds, tells what they found, and fails when a promise was broken. */
import { type Options, parseOptions, UsageError, usage } from "./options.ts";
import { describeFailure } from "./run/failure-report.ts";
import { runMutants } from "./run/run-mutants.ts";
import { runSeed, type SeedResult } from "./run/run-seed.ts";
import { runSeeds } from "./run/run-seeds.ts";
import { Summary } from "./run/summary.ts";

const progressMs = 5_000;
/** Shrinking takes its time; after these the seeds alone are told. */
const described = 3;

async function main(): Promise<number> {
  const options = readOptions();
  if (options === null) return 2;
  if (options.mutants) return checkCheckers(options);
  return options.seeds === 1 ? runOne(options) : runMany(options);
}

function readOptions(): Options | null {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n${usage}\n`);
    return null;
  }
}

async function runOne({ from, faults, work, trace, json, verifyReplay }: Options): Promise<number> {
  const startedMs = performance.now();
  const kept = { keptFaults: faults ?? undefined, keptWork: work ?? undefined, hashed: true };
  const write = trace ? (line: string) => void process.stdout.write(`${line}\n`) : undefined;
  const result = await runSeed(from, { ...kept, trace: write });
  if (verifyReplay) {
    const again = await runSeed(from, kept);
    if (again.hash !== result.hash) throw new Error(`seed ${from} did not do the same twice`);
  }
  const summary = new Summary();
  summary.add(result);
  process.stderr.write(`trace hash ${result.hash}\n`);
  for (const { checker, message } of result.violations) process.stderr.write(`${checker}: ${message}\n`);
  return finish(summary, performance.now() - startedMs, json);
}

async function runMany({ seeds, from, workers, json, verifyReplay }: Options): Promise<number> {
  const startedMs = performance.now();
  const summary = new Summary();
  const progress = setInterval(() => tellProgress(summary, seeds, performance.now() - startedMs), progressMs);
  try {
    const take = (result: SeedResult) => {
      summary.add(result);
      const [first] = result.violations;
      if (first !== undefined) process.stderr.write(`seed ${result.seed}: ${first.checker}: ${first.message}\n`);
    };
    await runSeeds({ from, count: seeds, workers, verifyReplay, take });
  } finally {
    clearInterval(progress);
  }
  const realMs = performance.now() - startedMs;
  for (const failing of summary.failed.slice(0, described)) {
    process.stderr.write(`\n${await describeFailure(failing)}\n`);
  }
  return finish(summary, realMs, json);
}

async function checkCheckers({ seeds, from, workers, mutantNames, json }: Options): Promise<number> {
  const told = (line: string) => void process.stderr.write(`${line}\n`);
  const result = await runMutants({ from, seedsPerMutant: seeds, workers, names: mutantNames, told });
  process.stdout.write(`${JSON.stringify(result, null, json ? 0 : 2)}\n`);
  return result.found === result.mutants ? 0 : 1;
}

function tellProgress(summary: Summary, seeds: number, realMs: number): void {
  const { simulatedHours, violations, speedup } = summary.report(realMs);
  const done = `${summary.seeds} of ${seeds} seeds, ${simulatedHours} simulated hours`;
  process.stderr.write(`${done}, ${speedup} times as fast as real time, ${violations} violations\n`);
}

function finish(summary: Summary, realMs: number, json: boolean): number {
  const report = summary.report(realMs);
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return report.violations > 0 ? 1 : 0;
}

process.exitCode = await main();
