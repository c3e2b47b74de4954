/**
 * A disk as far as the cluster depends on it: named values, of which those written and not synced yet are lost with the
 * power. Full, it takes nothing; reading and deleting go on.
 */

interface Entry {
  readonly value: unknown;
  /** What a loss of power leaves; undefined: nothing. */
  readonly synced: unknown;
}

/** As node:fs tells it. */
export class DiskFull extends Error {
  override readonly name = "DiskFull";
  readonly code = "ENOSPC";

  constructor(path: string) {
    super(`ENOSPC: no space left on device, write '${path}'`);
  }
}

export class SimulatedDisk {
  readonly #entries = new Map<string, Entry>();
  isFull = false;

  read<Value>(path: string): Value | undefined {
    return this.#entries.get(path)?.value as Value | undefined;
  }

  /**
   * The value is shared, not copied: treat it as immutable.
   * @param how "inPlace": over bytes that the file has already, without a sync
   * @throws DiskFull
   */
  write(path: string, value: unknown, how: "synced" | "unsynced" | "inPlace"): void {
    if (this.isFull && how !== "inPlace") throw new DiskFull(path);
    const synced = how === "synced" ? value : this.#entries.get(path)?.synced;
    this.#entries.set(path, { value, synced });
  }

  /** Everything that this path has seen so far survives a loss of power. */
  sync(path: string): void {
    const entry = this.#entries.get(path);
    if (entry !== undefined) this.#entries.set(path, { value: entry.value, synced: entry.value });
  }

  /** As a deletion without a sync of the folder would mostly, this one survives a loss of power. */
  delete(path: string): void {
    this.#entries.delete(path);
  }

  paths(prefix: string): string[] {
    return [...this.#entries.keys()].filter((path) => path.startsWith(prefix));
  }

  /** @param isWritten whether the kernel had come to write something back by itself */
  loseUnsynced(isWritten: () => boolean): void {
    for (const [path, { value, synced }] of this.#entries) {
      if (synced !== value && isWritten()) this.#entries.set(path, { value, synced: value });
      else if (synced === undefined) this.#entries.delete(path);
      else if (synced !== value) this.#entries.set(path, { value: synced, synced });
    }
  }

  wipe(): void {
    this.#entries.clear();
  }
}
