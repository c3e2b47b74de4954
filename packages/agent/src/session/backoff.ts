/**
 * How long to wait before a coordinator is dialled again. Full jitter under a ceiling that doubles with each failure, so
 * that a fleet which lost its coordinator does not return all at once (AWS Architecture Blog, "Exponential Backoff And
 * Jitter"); the first wait has a floor as well.
 */

const firstFloorMs = 100;
const firstCeilingMs = 500;
const highestCeilingMs = 10_000;

/**
 * @param failures dials in a row that brought no Welcome, from 0: the first wait after a stream that worked
 * @param random uniform in [0, 1)
 */
export function redialAfterMs(failures: number, random: number): number {
  if (failures === 0) return firstFloorMs + random * (firstCeilingMs - firstFloorMs);
  return random * Math.min(highestCeilingMs, firstCeilingMs * 2 ** Math.min(failures, 16));
}
