/** Amounts of bytes as people write them: `512MiB`, `1.5GiB`, `10MB`, `4096`. */

const binary = ["Ki", "Mi", "Gi", "Ti", "Pi"];
const decimal = ["k", "M", "G", "T", "P"];

/** Whole bytes, or undefined when the text is not an amount. */
export function byteCount(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kKMGTP]i?)?(?:B|b)?$/.exec(text);
  if (match === null) return undefined;
  const [, amount, prefix] = match;
  const bytes = Math.round(Number(amount) * factorOf(prefix));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

function factorOf(prefix: string | undefined): number {
  if (prefix === undefined) return 1;
  const upper = prefix === "ki" ? "Ki" : prefix;
  const power = binary.indexOf(upper);
  if (power >= 0) return 1024 ** (power + 1);
  return 1000 ** (decimal.indexOf(prefix === "K" ? "k" : prefix) + 1);
}

export const bytesHint = "write an amount such as 4096, 512MiB, 1.5GiB or 10MB";
