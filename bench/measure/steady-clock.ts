/** A clock that all processes of this machine share (CLOCK_MONOTONIC), unlike performance.now(), which starts with each. */
export function steadyMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
