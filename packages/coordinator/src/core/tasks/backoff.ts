/**
 * How long a task waits before its next attempt: exponential with full jitter, that is a uniform random part of
 * min(max, base * 2^(n-1)), as in M. Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
 */
import type { TaskRecord } from "../record.ts";

const refusalBaseMs = 200;
const refusalMaxMs = 30_000;

/** @param failures from 1; @param random 0 to 1 */
export function backoffMs(
  task: Pick<TaskRecord, "backoffMs" | "backoffMaxMs">,
  failures: number,
  random: number,
): number {
  return fullJitter(task.backoffMs, task.backoffMaxMs, failures, random);
}

/** After refusals, which eat no retry: grows with those in a row, so that a node that refuses everything is not asked hotly. */
export function refusalBackoffMs(task: Pick<TaskRecord, "attempts">, random: number): number {
  const lastOther = task.attempts.findLastIndex((attempt) => attempt.state !== "refused");
  return fullJitter(refusalBaseMs, refusalMaxMs, task.attempts.length - 1 - lastOther, random);
}

function fullJitter(baseMs: number, maxMs: number, n: number, random: number): number {
  return Math.round(random * Math.min(maxMs, baseMs * 2 ** Math.min(n - 1, 30)));
}
