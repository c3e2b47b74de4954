/** Records of /dev/kmsg as lines with the time at which the kernel wrote them. Pure. */

export interface KernelLine {
  /** Since the machine started, on CLOCK_MONOTONIC. */
  readonly atMs: number;
  readonly text: string;
}

const longestText = 512;

/**
 * A record is `priority,sequence,microseconds,flags;text`, followed by lines with properties that begin with a space
 * (Documentation/ABI/testing/dev-kmsg of the kernel). What programs wrote into the log, and what is no record, is left
 * out: the kernel alone is believed.
 */
export function parseKernelLines(records: string): KernelLine[] {
  const lines: KernelLine[] = [];
  for (const line of records.split("\n")) {
    const [, priority, micros, text] = /^(\d+),\d+,(\d+),[^;]*;(.*)$/.exec(line) ?? [];
    if (priority === undefined || text === undefined) continue;
    const facility = Number(priority) >> 3;
    if (facility !== 0) continue;
    lines.push({ atMs: Math.floor(Number(micros) / 1_000), text: text.slice(0, longestText) });
  }
  return lines;
}
