/**
 * Brings orphans into the log: a leader's own right after its election, those of others whenever they are offered. What is
 * merged is durable in the log before anybody drops it.
 */
import type { CoordinatorEffect } from "../core/effect.ts";
import type { OrphanPiece } from "../core/event.ts";
import type { Store } from "../store/store.ts";
import type { Journal, Orphan } from "./journal.ts";
import type { Leader } from "./leader.ts";
import { changedSince, piecesOf, seenOf } from "./orphan-pieces.ts";
import { unmergedOrphans } from "./orphans.ts";
import type { Log } from "./ports.ts";
import type { Replica } from "./replica.ts";

export interface OrphanMergingParts {
  readonly coordinatorId: string;
  readonly replica: Replica;
  readonly journal: Journal;
  readonly store: Pick<Store, "readLog">;
  readonly log: Log;
  /** An orphan that another coordinator has handed over is durable in the log. */
  readonly merged: (origin: string, orphanId: string) => void;
}

export class OrphanMerging {
  readonly #parts: OrphanMergingParts;
  #epoch = 0;
  readonly #begun = new Set<string>();
  readonly #done = new Set<string>();
  /** Own ones: they stay, for a version that can read them or for a person who looks. */
  readonly #unreadable = new Set<string>();

  constructor(parts: OrphanMergingParts) {
    this.#parts = parts;
  }

  /** Of this coordinator, for the log that it follows; longest history first. */
  get own(): readonly Orphan[] {
    return unmergedOrphans(this.#parts.journal, this.#parts.replica.lineage);
  }

  /** The leadership whose log holds everything that is in this coordinator's journal; 0 while something is missing there. */
  get reconciledEpoch(): number {
    return this.own.length > 0 ? 0 : this.#parts.replica.state.cluster.epoch;
  }

  async mergeOwn(leader: Leader): Promise<void> {
    // All are begun before another coordinator can offer one of the same: the leader counts its own.
    await Promise.all(this.own.map((orphan) => this.#merge(leader, this.#parts.coordinatorId, orphan)));
  }

  /** What another coordinator offers; it is told of the end through `merged`. */
  async take(leader: Leader | null, from: string, orphan: Orphan): Promise<void> {
    const { replica, merged, log } = this.#parts;
    if (leader === null) return;
    if (orphan.lineage !== replica.lineage) {
      return log.warn({ from, lineage: orphan.lineage }, "an orphan of another log is not taken");
    }
    if (this.#epoch === leader.epoch && this.#done.has(orphan.id)) return merged(from, orphan.id);
    await this.#merge(leader, from, orphan);
  }

  /** Effects of the leader that rest on what is durable. */
  released(effects: readonly CoordinatorEffect[]): void {
    for (const effect of effects) {
      if (effect.kind !== "merged") continue;
      const { origin, orphanId } = effect;
      const isOwn = origin === this.#parts.coordinatorId;
      if (isOwn && this.#unreadable.has(orphanId)) continue;
      this.#done.add(orphanId);
      this.#parts.log.info({ origin, orphan: orphanId }, "what the store had lost is merged");
      if (isOwn) this.drop(orphanId);
      else this.#parts.merged(origin, orphanId);
    }
  }

  /** It is in the log. */
  drop(orphanId: string): void {
    this.#parts.journal.dropOrphan(orphanId).catch((error: unknown) => {
      // It will be merged once more, which changes nothing.
      this.#parts.log.warn({ orphan: orphanId, error }, "an orphan that is merged could not be removed");
    });
  }

  async #merge(leader: Leader, origin: string, orphan: Orphan): Promise<void> {
    if (this.#epoch !== leader.epoch) {
      this.#epoch = leader.epoch;
      this.#begun.clear();
      this.#done.clear();
    }
    if (this.#begun.has(orphan.id)) return;
    this.#begun.add(orphan.id);
    const { journal, store, replica } = this.#parts;
    // The leadership goes on while the journal is read, and until the pieces have their turn.
    const { seen, position } = await leader.read((state) => {
      return { seen: seenOf(orphan, state), position: replica.position };
    });
    const changed = await changedSince(journal, store, orphan, position);
    let pieces: OrphanPiece[];
    try {
      pieces = [...piecesOf(orphan, origin, changed, seen)];
    } catch (error) {
      this.#parts.log.error({ origin, orphan: orphan.id, error }, "an orphan holds what is no record");
      if (origin !== this.#parts.coordinatorId) return;
      // The leader waits for its own; another coordinator may have the same one whole.
      this.#unreadable.add(orphan.id);
      this.#begun.delete(orphan.id);
      pieces = [...piecesOf({ ...orphan, lines: [] }, origin, changed, seen)];
    }
    for (const piece of pieces) leader.post({ kind: "merge", piece });
  }
}
