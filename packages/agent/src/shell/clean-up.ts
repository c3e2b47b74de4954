/** Takes the folders of ended, acknowledged attempts off the disk when they are too old, or too much together. */
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { attemptsToDelete, type RetainedAttempt, type RetentionLimits } from "../process/retention.ts";
import type { AcknowledgedMark } from "./attempt-marks.ts";

export class CleanUp {
  readonly #limits: RetentionLimits;
  readonly #delete: (key: string) => Promise<void>;
  /** About in the order of their ends. */
  readonly #kept = new Map<string, RetainedAttempt>();
  #keptBytes = 0;
  #sweeping = false;

  constructor(limits: RetentionLimits, deleteFolder: (key: string) => Promise<void>) {
    this.#limits = limits;
    this.#delete = deleteFolder;
  }

  add(key: string, { endedAtMs, bytes }: AcknowledgedMark): void {
    this.#forget(key);
    this.#kept.set(key, { key, endedAtMs, bytes, acknowledged: true });
    this.#keptBytes += bytes;
  }

  /** Deletes what is due, unless an earlier sweep is still at it. Rejects with the first error of the file system. */
  async sweep(nowMs: number): Promise<void> {
    if (this.#sweeping || !this.#isAnythingDue(nowMs)) return;
    this.#sweeping = true;
    try {
      for (const key of attemptsToDelete([...this.#kept.values()], nowMs, this.#limits)) {
        await this.#delete(key);
        this.#forget(key);
      }
    } finally {
      this.#sweeping = false;
    }
  }

  #isAnythingDue(nowMs: number): boolean {
    const [oldest] = this.#kept.values();
    if (oldest === undefined) return false;
    return this.#keptBytes > this.#limits.maxBytes || nowMs - oldest.endedAtMs >= this.#limits.maxAgeMs;
  }

  #forget(key: string): void {
    this.#keptBytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}

/**
 * Deletes the folder that a task without a working directory of its own was given; its output stays for those who read it
 * later.
 */
export async function discardWork(folder: string): Promise<void> {
  const work = join(folder, "work");
  try {
    await rmdir(work);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    await rm(work, { recursive: true, force: true });
  }
}
