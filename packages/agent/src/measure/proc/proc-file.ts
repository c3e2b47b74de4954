/**
 * A file of /proc or /sys that is read again and again: opened once, read whole by position into a shared buffer.
 *
 * These files are made by the kernel while they are read and touch no disk, so reading them synchronously takes
 * microseconds, where a trip through the thread pool would cost ten times that.
 */
import { closeSync, openSync, readSync } from "node:fs";

const buffer = Buffer.allocUnsafeSlow(256 * 1024);

/** What the kernel answers where a file, or what it tells about, is not built in, switched off or not ours to see. */
const absentCodes: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EOPNOTSUPP", "ENOTSUP", "EACCES", "EPERM"]);

export class ProcFile {
  readonly path: string;
  /** Bytes that are of interest; the rest is not copied. */
  readonly #limitBytes: number;
  #descriptor: number | "closed" | "absent" = "closed";

  constructor(path: string, limitBytes = buffer.length) {
    this.path = path;
    this.#limitBytes = Math.min(limitBytes, buffer.length);
  }

  /** The text, or undefined where this kernel does not offer the file. Throws when reading fails otherwise. */
  text(): string | undefined {
    if (this.#descriptor === "absent") return undefined;
    try {
      if (this.#descriptor === "closed") this.#descriptor = openSync(this.path, "r");
      return this.#read(this.#descriptor);
    } catch (error) {
      this.close();
      if (!absentCodes.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
      this.#descriptor = "absent";
      return undefined;
    }
  }

  /** The file is opened anew when it is read the next time. */
  close(): void {
    if (typeof this.#descriptor === "number") closeSync(this.#descriptor);
    this.#descriptor = "closed";
  }

  #read(descriptor: number): string {
    let length = 0;
    // Many of these files come in pieces of a page, so a short read is not yet the end.
    while (length < this.#limitBytes) {
      const bytes = readSync(descriptor, buffer, length, this.#limitBytes - length, length);
      if (bytes === 0) break;
      length += bytes;
    }
    return buffer.toString("utf8", 0, length);
  }
}
