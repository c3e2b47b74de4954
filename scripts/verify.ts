/**
 * Proves the tree without running it: format and lint, types, layers and cycles, unused code, generated code. Tells each
 * step with its time, and what a failed step said. Exit code 1 when one failed.
 */
import { styleText } from "node:util";
import { type Finished, runBuffered } from "./child.ts";

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const steps: readonly Step[] = [
  { name: "types", command: "tsc", args: ["-p", "tsconfig.json"] },
  { name: "format and lint", command: "biome", args: ["ci", "--colors=off", "."] },
  {
    name: "layers and cycles",
    command: "depcruise",
    args: ["--config", ".dependency-cruiser.mjs", "packages", "test", "bench", "simulation", "scripts"],
  },
  { name: "unused code", command: "knip", args: ["--no-progress", "--no-config-hints"] },
  {
    name: "generated code",
    command: process.execPath,
    args: ["packages/shared/src/contract/generate.ts", "--check"],
  },
];

const atOnce = 2;

function tell(step: Step, { exitCode, output, tookMs }: Finished): void {
  const verdict = exitCode === 0 ? styleText("green", "ok    ") : styleText("red", "failed");
  console.log(`${verdict} ${step.name.padEnd(18)} ${(tookMs / 1000).toFixed(1)} s`);
  if (exitCode !== 0) console.log(output.replace(/^/gm, "    "));
}

async function verify(): Promise<boolean> {
  const waiting = [...steps];
  let good = true;
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const finished = await runBuffered(step.command, step.args);
      tell(step, finished);
      if (finished.exitCode !== 0) good = false;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return good;
}

process.exitCode = (await verify()) ? 0 : 1;
