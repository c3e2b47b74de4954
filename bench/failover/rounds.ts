/** The rounds of one cause. */
import type { Benchmark } from "../measure/benchmark.ts";
import { percentile } from "../measure/figures.ts";

export interface Outage {
  readonly p50: number;
  readonly max: number;
}

/** @param round one outage's length in ms */
export async function outages(cause: string, { quick, say }: Benchmark, round: () => Promise<number>): Promise<Outage> {
  const tookMs: number[] = [];
  for (let count = quick ? 3 : 20; count > 0; count -= 1) tookMs.push(await round());
  const outage = { p50: percentile(tookMs, 0.5), max: percentile(tookMs, 1) };
  say(`${cause}: p50 ${outage.p50} ms, max ${outage.max} ms of ${tookMs.length} rounds`);
  return outage;
}
