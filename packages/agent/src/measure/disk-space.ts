/**
 * Space and inodes of the node's disks.
 *
 * `statfs` can hang for as long as a file system is sick, and each hanging call holds one of the few threads that all
 * file operations of the process share. Three things keep that from stalling the agent: only file systems of this
 * machine's own kernel are asked (`realDisks`), one at a time, so that at most one thread can ever be held; and the
 * sample does not wait for them beyond a limit (`BackgroundSensor`), nor is anything asked while an answer is owed.
 */
import { statfs } from "node:fs/promises";

export interface DiskSpace {
  /**
   * Used and available together. What the file system keeps for root is left out, so that used / total is what `df`
   * shows as its percentage and reaches 1 when tasks can write no more.
   */
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** -1 where the file system has no fixed number of inodes, such as btrfs. */
  readonly inodesTotal: number;
  readonly inodesUsed: number;
}

/** By mount. A mount that answers with an error (gone meanwhile, no permission) is left out; throws if all do. */
export async function readDiskSpace(mounts: readonly string[]): Promise<Map<string, DiskSpace>> {
  const spaces = new Map<string, DiskSpace>();
  let lastError: unknown;
  for (const mount of mounts) {
    try {
      spaces.set(mount, diskSpaceOf(await statfs(mount)));
    } catch (error) {
      lastError = error;
    }
  }
  if (spaces.size === 0 && lastError !== undefined) throw lastError;
  return spaces;
}

/** The fields of statfs(2) that matter, in blocks and inodes. */
export interface FileSystemStatistics {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

export function diskSpaceOf(statistics: FileSystemStatistics): DiskSpace {
  const { bsize, blocks, bfree, bavail, files, ffree } = statistics;
  const usedBytes = Math.max(0, blocks - bfree) * bsize;
  const countsInodes = files > 0;
  return {
    totalBytes: usedBytes + Math.max(0, bavail) * bsize,
    usedBytes,
    inodesTotal: countsInodes ? files : -1,
    inodesUsed: countsInodes ? Math.max(0, files - ffree) : -1,
  };
}
