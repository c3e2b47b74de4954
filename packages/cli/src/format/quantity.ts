/** Durations, amounts and shares for people: short, with the two digits that matter. */

/** `0.4s`, `12s`, `3m10s`, `2h5m`, `4d3h`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds < 1_000) return milliseconds === 0 ? "0s" : `${Math.max(0.1, Math.round(milliseconds / 100) / 10)}s`;
  const seconds = Math.floor(milliseconds / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return joined(minutes, "m", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined(hours, "h", minutes % 60, "m");
  return joined(Math.floor(hours / 24), "d", hours % 24, "h");
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

const binaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `512 B`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (Math.abs(amount) >= 1024 && unit < binaryUnits.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${unit === 0 ? amount : trimmed(amount, amount < 10 ? 1 : 0)} ${binaryUnits[unit]}`;
}

/** Thousandths of a core as cores: `2`, `0.5`. */
export function formatCores(millis: number): string {
  return trimmed(millis / 1_000, 2);
}

/** A fraction of the whole as `45%`; a negative one cannot be measured. */
export function formatShare(fraction: number | undefined): string {
  return fraction === undefined || fraction < 0 ? "-" : `${Math.round(fraction * 100)}%`;
}

function trimmed(number: number, digits: number): string {
  return String(Number(number.toFixed(digits)));
}
