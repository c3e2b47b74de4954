/** The journal in memory: it survives what the test lets it survive, and fails when it is told to. */
import type { LogEntry } from "../../store/store.ts";
import { addToRuns, runsBefore } from "../journal/runs.ts";
import { type Journal, JournalUnavailable, type Orphan, type Run } from "../journal.ts";

export class MemoryJournal implements Journal {
  runs: Run[] = [];
  entries: LogEntry[] = [];
  fails = false;
  readonly #orphans = new Map<string, Orphan>();

  append(lineage: string, entry: LogEntry): void {
    addToRuns(this.runs, { lineage, ...entry });
    this.entries.push(entry);
  }

  async flush(): Promise<void> {
    if (this.fails) throw new JournalUnavailable("the journal could not be written");
  }

  async *entriesAfter(sequence: number): AsyncGenerator<LogEntry> {
    yield* this.entries.filter((entry) => entry.sequence > sequence);
  }

  async cutAfter(sequence: number): Promise<void> {
    this.runs = runsBefore(this.runs, sequence + 1);
    this.entries = this.entries.filter((entry) => entry.sequence <= sequence);
  }

  async keepOrphan(orphan: Orphan): Promise<void> {
    this.#orphans.set(orphan.id, orphan);
  }

  orphans(): readonly Orphan[] {
    return [...this.#orphans.values()].sort(
      (one, other) => other.end.epoch - one.end.epoch || other.end.sequence - one.end.sequence,
    );
  }

  async dropOrphan(id: string): Promise<void> {
    this.#orphans.delete(id);
  }

  async close(): Promise<void> {}
}
