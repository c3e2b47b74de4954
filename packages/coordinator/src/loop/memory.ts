/**
 * What a coordinator remembers on its own disk: the highest epoch that it has met, and the log that it belongs to. A store
 * that comes back with less is found out by it.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { LogMemory } from "./ports.ts";

const shape = z.object({ highestEpoch: z.number().int().nonnegative(), lineage: z.string() });

export class CoordinatorMemory implements LogMemory {
  readonly #file: string;
  #highestEpoch = 0;
  #lineage = "";

  /** @throws Error when the file is there and cannot be understood: guessing could repeat an epoch. */
  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.#file = join(dataDir, "coordinator-state.json");
    const text = readIfThere(this.#file);
    if (text === null) return;
    const stored = shape.parse(JSON.parse(text));
    this.#highestEpoch = stored.highestEpoch;
    this.#lineage = stored.lineage;
  }

  get highestEpoch(): number {
    return this.#highestEpoch;
  }

  get lineage(): string {
    return this.#lineage;
  }

  met(epoch: number, lineage: string = this.#lineage): void {
    if (epoch <= this.#highestEpoch && lineage === this.#lineage) return;
    this.#highestEpoch = Math.max(epoch, this.#highestEpoch);
    this.#lineage = lineage;
    const file = openSync(`${this.#file}.new`, "w");
    writeSync(file, `${JSON.stringify({ highestEpoch: this.#highestEpoch, lineage: this.#lineage })}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(`${this.#file}.new`, this.#file);
    // Without this, the name may stand for the old file after a power cut.
    const folder = openSync(dirname(this.#file), "r");
    fsyncSync(folder);
    closeSync(folder);
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
