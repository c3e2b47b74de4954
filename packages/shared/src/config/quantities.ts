/**
 * Amounts as people write them: durations ("3s", "500ms") and sizes ("1GiB"), or plain numbers of the base unit.
 */

const millisecondsPer: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const bytesPer: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

export const durationExample = "3s, 500ms, 2m, 24h or a whole number of milliseconds";
export const sizeExample = "512MiB, 1GiB, 10GB or a whole number of bytes";

/** Milliseconds, or null when it is no duration. Fractions are accepted where they come to whole milliseconds. */
export function parseDurationMs(value: unknown): number | null {
  return parseQuantity(value, millisecondsPer);
}

/** Bytes, or null when it is no size. */
export function parseSizeBytes(value: unknown): number | null {
  return parseQuantity(value, bytesPer);
}

function parseQuantity(value: unknown, unitSizes: Readonly<Record<string, number>>): number | null {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : null;
  if (typeof value !== "string") return null;
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(value.trim());
  if (match === null) return null;
  const [, digits = "", unit = ""] = match;
  const unitSize = unit === "" ? 1 : Object.hasOwn(unitSizes, unit) ? unitSizes[unit] : undefined;
  if (unitSize === undefined) return null;
  // 0.1 * 3 is not 0.3: rounds away what binary fractions add, and no more.
  const amount = Number((Number(digits) * unitSize).toPrecision(15));
  return Number.isSafeInteger(amount) ? amount : null;
}
