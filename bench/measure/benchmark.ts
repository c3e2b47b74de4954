/** How every benchmark is called, and how it tells: sentences by default, one JSON line at the end with --json. */
import { parseArgs } from "node:util";

export interface Benchmark {
  /** Fewer rounds and shorter runs: shows that it works, not what is true. */
  readonly quick: boolean;
  /** A folder for CPU profiles of the leader (`--profile DIR`). */
  readonly profileFolder: string | undefined;
  /** For a person; silent with --json, where standard error has it. */
  say(line: string): void;
}

/** Runs it with this process's arguments and tells its figures. Exit code 1 when it throws. */
export async function runBenchmark(name: string, run: (benchmark: Benchmark) => Promise<object>): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      profile: { type: "string" },
    },
  });
  const say = (line: string) => (values.json ? console.error(line) : console.log(line));
  const figures = await run({ quick: values.quick, profileFolder: values.profile, say });
  if (values.json) console.log(JSON.stringify({ bench: name, quick: values.quick, ...figures }));
  else for (const [field, value] of Object.entries(figures)) console.log(`${field}: ${JSON.stringify(value)}`);
}
