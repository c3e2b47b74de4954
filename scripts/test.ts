/**
 * `npm test`: verifies the tree, then runs the suite. The last line is `N passed, N failed`. Arguments go to vitest;
 * `--slow` includes the tests that take minutes. Exit code 1 when anything failed, or when no test ran.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runThrough } from "./child.ts";

/** The part of vitest's JSON report that counts. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

function readReport(file: string): Report {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch (error) {
    console.error(`vitest left no report: ${error instanceof Error ? error.message : error}`);
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  }
}

/** A file that could not even be loaded counts as one failed test. */
function countFailed({ numFailedTests, testResults }: Report): number {
  return (
    numFailedTests +
    testResults.filter(({ status, assertionResults }) => {
      return status === "failed" && assertionResults.length === 0;
    }).length
  );
}

async function runSuite(args: readonly string[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-test-"));
  const reportFile = join(folder, "report.json");
  const slow = args.includes("--slow");
  try {
    const exitCode = await runThrough(
      "vitest",
      [
        "run",
        "--reporter=default",
        "--reporter=json",
        `--outputFile.json=${reportFile}`,
        ...args.filter((argument) => argument !== "--slow"),
      ],
      slow ? { ...process.env, HOLDFAST_TEST_SLOW: "1" } : process.env,
    );
    const report = readReport(reportFile);
    const failed = countFailed(report);
    if (exitCode !== 0 && failed === 0) console.log(`vitest ended with ${exitCode}, though no test failed`);
    console.log(`${report.numPassedTests} passed, ${failed} failed`);
    return exitCode === 0 && failed === 0 && report.numPassedTests > 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const verified = await runThrough(process.execPath, ["scripts/verify.ts"], process.env);
const passed = await runSuite(process.argv.slice(2));
process.exitCode = verified === 0 && passed ? 0 : 1;
