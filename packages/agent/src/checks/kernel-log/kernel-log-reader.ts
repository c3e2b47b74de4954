/**
 * The kernel's log as it grows. Each read gives one record and never blocks; the first one begins with the oldest that the
 * kernel still has, so that a new agent knows what happened before it.
 */
import { closeSync, constants, openSync, readSync } from "node:fs";
import { type KernelLine, parseKernelLines } from "./kernel-lines.ts";

/** The kernel cuts records below this; a smaller buffer would make it refuse the read. */
const buffer = Buffer.allocUnsafeSlow(8_192);

export class KernelLogReader {
  readonly #path: string;
  #descriptor: number | null = null;

  constructor(path = "/dev/kmsg") {
    this.#path = path;
  }

  /**
   * The lines of at most so many further records, and whether there may be more.
   * @throws ErrnoException when the log is not there or may not be read
   */
  read(recordsMax: number): { readonly lines: KernelLine[]; readonly more: boolean } {
    this.#descriptor ??= openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    const lines: KernelLine[] = [];
    for (let records = 0; records < recordsMax; records += 1) {
      const record = nextRecord(this.#descriptor);
      if (record === "none") return { lines, more: false };
      if (record !== "overwritten") lines.push(...parseKernelLines(record));
    }
    return { lines, more: true };
  }

  close(): void {
    if (this.#descriptor !== null) closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}

function nextRecord(descriptor: number): string | "none" | "overwritten" {
  try {
    const bytes = readSync(descriptor, buffer, 0, buffer.length, null);
    return bytes === 0 ? "none" : buffer.toString("utf8", 0, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EAGAIN") return "none";
    // The kernel needed the room; the next read goes on with the oldest that it still has.
    if (code === "EPIPE") return "overwritten";
    throw error;
  }
}
