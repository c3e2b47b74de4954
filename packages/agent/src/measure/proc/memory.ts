/** Memory and swap from /proc/meminfo. */

export interface Memory {
  readonly totalBytes: number;
  /** What new work could have without swapping. */
  readonly availableBytes: number;
  /** Total less available: what the page cache holds and would give back is not counted as used. */
  readonly usedBytes: number;
  readonly swapTotalBytes: number;
  readonly swapUsedBytes: number;
}

export function parseMemory(text: string): Memory {
  const total = bytesOf(text, "MemTotal");
  if (total === undefined) throw new Error("/proc/meminfo should contain MemTotal");
  const available = Math.min(total, bytesOf(text, "MemAvailable") ?? estimatedAvailable(text));
  const swapTotal = bytesOf(text, "SwapTotal") ?? 0;
  const swapFree = bytesOf(text, "SwapFree") ?? 0;
  return {
    totalBytes: total,
    availableBytes: available,
    usedBytes: total - available,
    swapTotalBytes: swapTotal,
    swapUsedBytes: Math.max(0, swapTotal - swapFree),
  };
}

/** For kernels before 3.14, which do not say MemAvailable; shared memory counts as cached but cannot be given back. */
function estimatedAvailable(text: string): number {
  const value = (key: string): number => bytesOf(text, key) ?? 0;
  return Math.max(0, value("MemFree") + value("Buffers") + value("Cached") + value("SReclaimable") - value("Shmem"));
}

function bytesOf(text: string, key: string): number | undefined {
  const label = `${key}:`;
  const start = text.startsWith(label) ? 0 : text.indexOf(`\n${label}`) + 1;
  if (start === 0 && !text.startsWith(label)) return undefined;
  const kibibytes = Number.parseInt(text.slice(start + label.length, start + label.length + 32), 10);
  return Number.isNaN(kibibytes) ? undefined : kibibytes * 1024;
}
