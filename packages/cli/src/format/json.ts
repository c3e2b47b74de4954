/** Messages as protobuf's JSON: camelCase names, enums by name, bytes as base64; 64-bit integers are numbers. */

export function toJson(value: unknown, indent = 2): string {
  return JSON.stringify(plain(value), null, indent);
}

/** On one line, for streams. */
export function toJsonLine(value: unknown): string {
  return toJson(value, 0);
}

function plain(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    // The loader's markers of which optional field is set.
    .filter(([key, member]) => member !== undefined && !key.startsWith("_"))
    .map(([key, member]) => [key, plain(member)]);
  return Object.fromEntries(entries);
}
