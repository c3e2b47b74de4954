/** Points in time as people write them: a duration from now (`10m`, `+10m`), or an ISO 8601 time. */
import { durationMs } from "./duration.ts";

export const momentHint = "write a duration from now such as 10m, or a time such as 2026-01-31T08:00:00Z";

/** Unix milliseconds, or undefined when the text is neither. */
export function momentMs(text: string, nowMs: number): number | undefined {
  const fromNowMs = durationMs(text.startsWith("+") ? text.slice(1) : text);
  if (fromNowMs !== undefined) return nowMs + fromNowMs;
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return undefined;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
}
