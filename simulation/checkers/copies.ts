/**
 * Which copies of a batch are left: on the storage server that is primary (whatever another one had, it becomes a copy of
 * this one, or never returns), and in the coordinators' journals. What was acknowledged may be gone only when none is.
 */
import type { HistoryEvent } from "../history.ts";
import { type CommittedEntry, type CommittedLog, keyAt } from "./committed-log.ts";
import { entryOf } from "./entry-of.ts";

export class Copies {
  readonly #log: CommittedLog;
  /** By coordinator: the batches in its journal, and whether they survive a crash of its machine. */
  readonly #journals = new Map<string, Map<string, boolean>>();

  constructor(log: CommittedLog) {
    this.#log = log;
  }

  observe(event: HistoryEvent): void {
    if (event.kind === "journaled") {
      const journal = entryOf(this.#journals, event.coordinatorId, () => new Map<string, boolean>());
      const key = keyAt(event.lineage, event.position);
      journal.set(key, event.synced || journal.get(key) === true);
    } else if (event.kind === "diskLost") {
      const journal = this.#journals.get(event.machineId);
      if (journal === undefined) return;
      for (const [key, synced] of journal) if (!synced || event.what === "everything") journal.delete(key);
    }
  }

  /** Who still has the batch: server and coordinator ids. */
  holdersOf({ key }: CommittedEntry): readonly string[] {
    const holders: string[] = [];
    const { primaryId } = this.#log;
    if (this.#log.contains(this.#log.headOf(primaryId), key)) holders.push(primaryId);
    // Of another log, which was given up for the present one, nothing is given back.
    const isOfThisLog = lineageOf(key) === lineageOf(this.#log.headOf(primaryId));
    for (const [coordinatorId, journal] of this.#journals) {
      if (isOfThisLog && journal.has(key)) holders.push(`${coordinatorId}'s journal`);
    }
    return holders;
  }

  /** Is the batch in the log that coordinators work with now? */
  inPresentLog({ key }: CommittedEntry): boolean {
    return this.#log.contains(this.#log.headOf(this.#log.primaryId), key);
  }
}

function lineageOf(key: string): string {
  return key.slice(0, key.indexOf("/"));
}
