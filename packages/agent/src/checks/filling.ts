/** When a disk will be full if it goes on as in the last half hour. Pure. */

export interface UseAt {
  readonly atMs: number;
  readonly usedBytes: number;
}

export interface FillingDisk {
  readonly inMs: number;
  readonly bytesPerMinute: number;
}

const minuteMs = 60_000;
const windowMs = 30 * minuteMs;
/** Shorter growth is a task that unpacks something. */
const shortestMs = 10 * minuteMs;
/** Sooner than a person could do anything about it in peace. */
const foreseenMs = 120 * minuteMs;
/** A disk that is emptier than this may be meant to be filled. */
const leastUsed = 0.7;
const spacingMs = minuteMs;

/** With the new reading, less what is too old or too close to the one before to matter. */
export function noteUse(uses: readonly UseAt[], now: UseAt): readonly UseAt[] {
  const kept = uses.filter(({ atMs }) => now.atMs - atMs <= windowMs);
  const before = kept.at(-2);
  const replaces = before !== undefined && now.atMs - before.atMs < spacingMs;
  return [...(replaces ? kept.slice(0, -1) : kept), now];
}

/** null: not within the time that matters, or not known yet. */
export function foreseeFull(
  uses: readonly UseAt[],
  { totalBytes, usedBytes }: { readonly totalBytes: number; readonly usedBytes: number },
): FillingDisk | null {
  const first = uses[0];
  const last = uses.at(-1);
  if (first === undefined || last === undefined || last.atMs - first.atMs < shortestMs) return null;
  if (usedBytes / totalBytes < leastUsed) return null;
  // What is still growing now, and not what was written once: the last third of the time must have its share.
  const middle = uses.find(({ atMs }) => atMs >= last.atMs - (last.atMs - first.atMs) / 3) ?? last;
  const pace = (from: UseAt) => (last.usedBytes - from.usedBytes) / Math.max(1, last.atMs - from.atMs);
  const bytesPerMs = Math.min(pace(first), pace(middle));
  if (bytesPerMs <= 0) return null;
  const inMs = (totalBytes - usedBytes) / bytesPerMs;
  return inMs > foreseenMs ? null : { inMs, bytesPerMinute: bytesPerMs * minuteMs };
}
