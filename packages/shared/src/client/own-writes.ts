/**
 * The revision of a client's latest write, so that it reads its own writes from any coordinator: standbys follow the
 * leader by milliseconds, and a write may be answered through one and read at another.
 */
export class OwnWrites {
  #latest = "";

  /** "" before the first write. */
  get latest(): string {
    return this.#latest;
  }

  /** Of two writes that overlapped, the one that was answered first may be the later one. */
  note(revision: string | undefined): void {
    if (!revision) return;
    const before = positionOf(this.#latest);
    const now = positionOf(revision);
    if (before.lineage !== now.lineage || now.sequence > before.sequence) this.#latest = revision;
  }

  /** The log that it belongs to has been lost. */
  forget(revision: string): void {
    if (this.#latest === revision) this.#latest = "";
  }
}

/** A revision is `<lineage>.<sequence>`. */
function positionOf(revision: string): { readonly lineage: string; readonly sequence: number } {
  const dot = revision.lastIndexOf(".");
  return { lineage: revision.slice(0, Math.max(0, dot)), sequence: Number(revision.slice(dot + 1)) };
}
