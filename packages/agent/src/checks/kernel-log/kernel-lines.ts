/** Records of /dev/kmsg as lines with the time at which the kernel wrote them. Pure. */

export interface KernelLine {
  /** Counts all records since the machine started, so that a gap tells of lost ones. */
  readonly sequence: number;
  /** Since the machine started, on CLOCK_MONOTONIC. */
  readonly atMs: number;
  readonly text: string;
}

const longestText = 512;

/**
 * A record is `priority,sequence,microseconds,flags;text`, followed by lines with properties that begin with a space
 * (https://docs.kernel.org/admin-guide/abi-testing.html, /dev/kmsg). What user space wrote into the log, and what is no record, is left out:
 * the kernel alone is believed.
 */
export function parseKernelLines(records: string): KernelLine[] {
  const lines: KernelLine[] = [];
  for (const line of records.split("\n")) {
    const [, priority, sequence, micros, text] = /^(\d+),(\d+),(\d+),[^;]*;(.*)$/.exec(line) ?? [];
    if (priority === undefined || text === undefined) continue;
    const facility = Number(priority) >> 3;
    if (facility !== 0) continue;
    lines.push({
      sequence: Number(sequence),
      atMs: Math.floor(Number(micros) / 1_000),
      text: text.slice(0, longestText),
    });
  }
  return lines;
}
