/**
 * The lease of an exclusive attempt: the file `lease` in its folder, which its supervisor makes and goes by. Eight bytes,
 * little-endian: until when the processes may run, in milliseconds of CLOCK_BOOTTIME. They are written and read in one go.
 */
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";

const leaseBytes = 8;

/** In ms of CLOCK_BOOTTIME; null when there is none. @throws the error of the file system */
export function readLeaseFile(folder: string): number | null {
  try {
    const bytes = readFileSync(join(folder, "lease"));
    return bytes.length === leaseBytes ? Number(bytes.readBigUInt64LE()) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Writes a later deadline into an existing file; an earlier one is left out. Never makes the file: where it is missing,
 * nothing runs that goes by it.
 *
 * @param untilBootMs whole milliseconds of CLOCK_BOOTTIME
 * @returns false when there is no such file
 * @throws the error of the file system
 */
export function extendLeaseFile(folder: string, untilBootMs: number): boolean {
  let file: number;
  try {
    file = openSync(join(folder, "lease"), constants.O_RDWR);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  try {
    const present = Buffer.alloc(leaseBytes);
    const until = BigInt(untilBootMs);
    if (readSync(file, present, 0, leaseBytes, 0) === leaseBytes && present.readBigUInt64LE() >= until) return true;
    const later = Buffer.alloc(leaseBytes);
    later.writeBigUInt64LE(until);
    writeSync(file, later, 0, leaseBytes, 0);
    return true;
  } finally {
    closeSync(file);
  }
}
