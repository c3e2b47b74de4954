/** Unix times for people. Absent and 0 mean that it has not happened. */
import { formatDuration } from "./quantity.ts";

/** `12s ago`, `in 3m`, `-`. */
export function relative(atMs: number | undefined, nowMs: number): string {
  if (!atMs) return "-";
  const ageMs = nowMs - atMs;
  return ageMs < 0 ? `in ${formatDuration(-ageMs)}` : `${formatDuration(ageMs)} ago`;
}

/** How long ago, without words, for narrow columns. */
export function age(atMs: number | undefined, nowMs: number): string {
  return atMs ? formatDuration(Math.max(0, nowMs - atMs)) : "-";
}

/** Both forms: `2026-01-31 08:00:00 (12s ago)`, in this machine's time zone. */
export function precise(atMs: number | undefined, nowMs: number): string {
  return atMs ? `${clock(atMs)} (${relative(atMs, nowMs)})` : "-";
}

export function clock(atMs: number): string {
  const date = new Date(atMs);
  const two = (number: number) => String(number).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
