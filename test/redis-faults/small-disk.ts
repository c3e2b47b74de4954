/** A file system of a given size, which only root can make; gone with its owner. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const pieceBytes = 64 * 1024;

export class SmallDisk implements Disposable {
  readonly folder: string;
  readonly #filler: string;

  /** @param size as mount takes it: "16m" */
  constructor(size: string) {
    this.folder = mkdtempSync(join(tmpdir(), "holdfast-disk-"));
    this.#filler = join(this.folder, "filler");
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", this.folder]);
  }

  /** Nothing more can be written. */
  fill(): void {
    const file = openSync(this.#filler, "a");
    for (let piece = pieceBytes; piece > 0; ) {
      try {
        writeSync(file, Buffer.alloc(piece));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        piece = Math.floor(piece / 2);
      }
    }
    closeSync(file);
  }

  free(): void {
    rmSync(this.#filler);
  }

  [Symbol.dispose](): void {
    execFileSync("umount", ["--lazy", this.folder]);
    rmSync(this.folder, { recursive: true });
  }
}
