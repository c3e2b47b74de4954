/** Durations as people write them: `500ms`, `30s`, `1.5h`, `1h30m`, `2d`. */

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds (whole), or undefined when the text is not a duration. A number without a unit is none, except 0. */
export function durationMs(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    totalMs += Number(amount) * (unitsMs[unit as string] as number);
  return Math.round(totalMs);
}

export const durationHint = "write a duration such as 500ms, 30s, 1h30m or 2d";
