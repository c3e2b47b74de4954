/** Load averages from /proc/loadavg: runnable and uninterruptibly waiting threads over 1, 5 and 15 minutes. */

export interface LoadAverages {
  readonly load1: number;
  readonly load5: number;
  readonly load15: number;
}

export function parseLoadAverages(text: string): LoadAverages {
  const [load1, load5, load15] = text.split(" ", 3).map(Number);
  if (!isLoad(load1) || !isLoad(load5) || !isLoad(load15)) {
    throw new Error(`/proc/loadavg should begin with three numbers, not with "${text.slice(0, 80)}"`);
  }
  return { load1, load5, load15 };
}

function isLoad(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}
