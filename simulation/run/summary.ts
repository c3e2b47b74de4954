/** What a set of seeds adds up to. */
import { Coverage } from "../coverage.ts";
import { faultKinds } from "../faults/fault-plan.ts";
import type { SeedResult } from "./run-seed.ts";

interface FaultTally {
  number: number;
  seeds: number;
}

export interface Report {
  readonly seeds: number;
  readonly simulatedHours: number;
  readonly operations: number;
  readonly commitsUnknown: number;
  /** Of each kind: how many, and in which share of the seeds. */
  readonly faults: Readonly<Record<string, { readonly number: number; readonly shareOfSeeds: number }>>;
  readonly uncovered: readonly string[];
  readonly violations: number;
  /** Seeds with a violation. */
  readonly failedSeeds: readonly number[];
  /** Simulated to real time, all workers together. */
  readonly speedup: number;
}

export class Summary {
  readonly failed: SeedResult[] = [];
  readonly #coverage = new Coverage();
  readonly #faults = new Map<string, FaultTally>(faultKinds.map((kind) => [kind, { number: 0, seeds: 0 }]));
  #seeds = 0;
  #simulatedMs = 0;
  #operations = 0;
  #commitsUnknown = 0;

  get seeds(): number {
    return this.#seeds;
  }

  add(result: SeedResult): void {
    this.#seeds += 1;
    this.#simulatedMs += result.simulatedMs;
    this.#operations += result.operations;
    this.#commitsUnknown += result.commitsUnknown;
    this.#coverage.merge(result.reached);
    for (const [kind, number] of Object.entries(result.faults)) {
      const tally = this.#faults.get(kind);
      if (tally === undefined) throw new Error(`no such kind of fault: ${kind}`);
      tally.number += number;
      tally.seeds += 1;
    }
    if (result.violations.length > 0) this.failed.push(result);
  }

  report(realMs: number): Report {
    const faults = [...this.#faults].map(([kind, { number, seeds }]) => {
      return [kind, { number, shareOfSeeds: rounded(seeds / Math.max(1, this.#seeds), 4) }] as const;
    });
    return {
      seeds: this.#seeds,
      simulatedHours: rounded(this.#simulatedMs / 3_600_000, 2),
      operations: this.#operations,
      commitsUnknown: this.#commitsUnknown,
      faults: Object.fromEntries(faults),
      uncovered: this.#coverage.uncovered,
      violations: this.failed.reduce((sum, { violations }) => sum + violations.length, 0),
      failedSeeds: this.failed.map(({ seed }) => seed).sort((one, other) => one - other),
      speedup: Math.round(this.#simulatedMs / Math.max(1, realMs)),
    };
  }
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
