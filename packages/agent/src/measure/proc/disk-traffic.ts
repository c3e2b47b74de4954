/** What block devices have read and written since the boot, from /proc/diskstats. */

/** Counters since the boot. */
export interface DiskTraffic {
  /** The kernel's name, such as `sda1`. */
  readonly name: string;
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** Time in which at least one request was under way. */
  readonly busyMs: number;
}

/** /proc/diskstats counts in these, whatever the device's own sector size is. */
const sectorBytes = 512;

/**
 * By device number (`8:1`). The columns are those of https://docs.kernel.org/admin-guide/iostats.html; newer kernels
 * append columns for discards and flushes. Lines with fewer (partitions before Linux 2.6.25) are left out.
 */
export function parseDiskTraffic(text: string): Map<string, DiskTraffic> {
  const devices = new Map<string, DiskTraffic>();
  for (const line of text.split("\n")) {
    const columns = line.trim().split(/\s+/);
    const [major, minor, name] = columns;
    const readSectors = Number(columns[5]);
    const writtenSectors = Number(columns[9]);
    const busyMs = Number(columns[12]);
    if (name === undefined || !Number.isFinite(readSectors + writtenSectors + busyMs)) continue;
    const traffic = { name, readBytes: readSectors * sectorBytes, writtenBytes: writtenSectors * sectorBytes, busyMs };
    devices.set(`${major}:${minor}`, traffic);
  }
  return devices;
}
