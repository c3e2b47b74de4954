import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseOptions, UsageError } from "./options.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

test("without flags 200 seeds are run from the first, on two threads", () => {
  expect(parseOptions([])).toMatchObject({ seeds: 200, from: 1, workers: 2, json: false, mutants: false });
});

test("a plan can be cut down to some of its faults and work", () => {
  const options = parseOptions(["--seeds", "1", "--from", "7", "--faults", "0,3", "--work", "none"]);
  expect(options).toMatchObject({ from: 7, faults: [0, 3], work: [] });
});

test.each([
  [["--seeds", "0"], /--seeds must be a whole number from 1/],
  [["--seeds", "ten"], /--seeds must be a whole number from 1 .* not "ten"/],
  [["--from", "-1"], /--from/],
  [["--trace"], /--trace, --faults and --work need --seeds 1/],
  [["--mutant", "x"], /--mutant needs --mutants/],
  [["--mutants", "--mutant", "x"], /--mutant: there is no "x"; there are no-epoch-check-in-commit, /],
  [["--speed", "9"], /--speed/],
])("%j is told what is wrong with it", (args, message) => {
  expect(() => parseOptions(args)).toThrow(UsageError);
  expect(() => parseOptions(args)).toThrow(message);
});

test("the command ends with 2 and the usage when a flag is wrong", () => {
  const { status, stderr } = spawnSync(process.execPath, [main, "--seeds", "none"], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toContain('--seeds must be a whole number from 1 to 4294967295, not "none"');
  expect(stderr).toContain("usage: npm run simulate");
});
