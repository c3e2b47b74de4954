/** Which attempts leave the disk. Pure: the caller deletes. */

export interface RetainedAttempt {
  readonly key: string;
  readonly endedAtMs: number;
  /** Its end is durable at the coordinator; before that it stays, whatever it costs. */
  readonly acknowledged: boolean;
  readonly bytes: number;
}

export interface RetentionLimits {
  readonly maxAgeMs: number;
  /** Of all ended attempts together. */
  readonly maxBytes: number;
}

/** Keys to delete: those that ended too long ago, then the oldest until the rest fits. */
export function attemptsToDelete(
  attempts: readonly RetainedAttempt[],
  nowMs: number,
  limits: RetentionLimits,
): readonly string[] {
  let keptBytes = attempts.reduce((total, attempt) => total + attempt.bytes, 0);
  const oldestFirst = attempts
    .filter((attempt) => attempt.acknowledged)
    .sort((a, b) => a.endedAtMs - b.endedAtMs || (a.key < b.key ? -1 : 1));
  const doomed: string[] = [];
  for (const attempt of oldestFirst) {
    if (nowMs - attempt.endedAtMs < limits.maxAgeMs && keptBytes <= limits.maxBytes) break;
    doomed.push(attempt.key);
    keptBytes -= attempt.bytes;
  }
  return doomed;
}
