/** Processor time from the first line of /proc/stat. */

/** Two counters of one unit, whichever it is: their growth between two samples gives the share that was used. */
export interface CpuTimes {
  readonly used: number;
  readonly total: number;
}

/**
 * Clock ticks of all processors together, from `cpu user nice system idle iowait irq softirq steal guest guest_nice`.
 *
 * Waiting for a disk (iowait) is idle time; time that the hypervisor gave to others (steal) is used, since tasks here
 * cannot have it. Guest time is left out because user time contains it. Old kernels end the line earlier.
 */
export function parseCpuTimes(statText: string): CpuTimes {
  const line = statText.split("\n", 1)[0] ?? "";
  const [label, ...columns] = line.trim().split(/\s+/);
  const ticks = columns.slice(0, 8).map(Number);
  if (label !== "cpu" || ticks.length < 4 || !ticks.every(Number.isFinite)) {
    throw new Error(`/proc/stat should begin with "cpu" and at least four counters, not with "${line.slice(0, 80)}"`);
  }
  const total = ticks.reduce((sum, value) => sum + value, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { used: total - idle, total };
}
