/**
 * How long a coordinator that failed is left alone.
 *
 * Full jitter under a ceiling that doubles with each failure in a row, so that many clients that lost the same
 * coordinator do not come back in step (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */

const firstCeilingMs = 100;
const highestCeilingMs = 1_000;

/**
 * @param failures failures in a row, from 1
 * @param retryAfterMs what the coordinator itself asked for; it is a floor
 * @param random uniform in [0, 1)
 */
export function backoffMs(failures: number, retryAfterMs: number | undefined, random: number): number {
  const ceilingMs = Math.min(highestCeilingMs, firstCeilingMs * 2 ** Math.min(failures - 1, 16));
  return (retryAfterMs ?? 0) + random * ceilingMs;
}
