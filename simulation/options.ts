/** The flags of `npm run simulate`. */
import { parseArgs } from "node:util";
import { allMutants } from "./mutants/all-mutants.ts";

export interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly workers: number;
  readonly json: boolean;
  readonly mutants: boolean;
  /** Only these; none: all. */
  readonly mutantNames: readonly string[];
  readonly trace: boolean;
  readonly verifyReplay: boolean;
  /** Only these of the planned faults, and of the planned work, by index; null: all. */
  readonly faults: readonly number[] | null;
  readonly work: readonly number[] | null;
}

export const usage = `usage: npm run simulate -- [flags]
  --seeds N         how many seeds (200)
  --from S          the first seed (1)
  --workers W       threads (2)
  --json            the last line of standard output is the result as JSON
  --verify-replay   run each seed twice, and compare
  --trace           print everything that happens (with --seeds 1)
  --faults I,J,…    only these of the seed's faults (with --seeds 1); "none": no fault
  --work I,J,…      only these of the seed's work (with --seeds 1)
  --mutants         put known bugs back one at a time, and count the seeds that find each; --seeds is how many are
                    tried for each (1000)
  --mutant NAME     with --mutants: this one only; may be repeated`;

export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** @throws UsageError that names what is wrong */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  const options: Options = {
    seeds: whole("seeds", values.seeds ?? (values.mutants === true ? "1000" : "200"), 1),
    from: whole("from", values.from ?? "1", 0),
    workers: whole("workers", values.workers ?? "2", 1),
    json: values.json ?? false,
    mutants: values.mutants ?? false,
    mutantNames: values.mutant ?? [],
    trace: values.trace ?? false,
    verifyReplay: values["verify-replay"] ?? false,
    faults: indices("faults", values.faults),
    work: indices("work", values.work),
  };
  const single = options.trace || options.faults !== null || options.work !== null;
  if (single && options.seeds !== 1) throw new UsageError("--trace, --faults and --work need --seeds 1");
  if (options.mutantNames.length > 0 && !options.mutants) throw new UsageError("--mutant needs --mutants");
  const unknown = options.mutantNames.find((name) => !allMutants.some((mutant) => mutant.name === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--mutant: there is no "${unknown}"; there are ${allMutants.map(({ name }) => name).join(", ")}`,
    );
  }
  return options;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: "string" },
        from: { type: "string" },
        workers: { type: "string" },
        json: { type: "boolean" },
        mutants: { type: "boolean" },
        mutant: { type: "string", multiple: true },
        trace: { type: "boolean" },
        "verify-replay": { type: "boolean" },
        faults: { type: "string" },
        work: { type: "string" },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(flag: string, text: string, min: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > 0xffff_ffff) {
    throw new UsageError(`--${flag} must be a whole number from ${min} to ${0xffff_ffff}, not ${JSON.stringify(text)}`);
  }
  return value;
}

function indices(flag: string, text: string | undefined): readonly number[] | null {
  if (text === undefined) return null;
  return text === "none" ? [] : text.split(",").map((part) => whole(flag, part, 0));
}
