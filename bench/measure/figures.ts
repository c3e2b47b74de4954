/** Figures out of samples, with no more digits than they deserve. */

export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** @param share 0.5 for the median */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return rounded(sorted[Math.ceil(sorted.length * share) - 1] ?? sorted[0] ?? Number.NaN);
}
