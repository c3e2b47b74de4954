/** What a journal holds, as runs of leaderships. */
import type { Run } from "../journal.ts";

interface At {
  readonly lineage: string;
  readonly epoch: number;
  readonly sequence: number;
}

export function addToRuns(runs: Run[], { lineage, epoch, sequence }: At): void {
  const last = runs.at(-1);
  const goesOn = last?.lineage === lineage && last.epoch === epoch && sequence === last.last + 1;
  if (goesOn) runs[runs.length - 1] = { ...last, last: sequence };
  else runs.push({ lineage, epoch, first: sequence, last: sequence });
}

export function runsBefore(runs: readonly Run[], sequence: number): Run[] {
  return runs.filter((run) => run.first < sequence).map((run) => ({ ...run, last: Math.min(run.last, sequence - 1) }));
}

export function runsFrom(runs: readonly Run[], sequence: number): Run[] {
  return runs.filter((run) => run.last >= sequence).map((run) => ({ ...run, first: Math.max(run.first, sequence) }));
}
