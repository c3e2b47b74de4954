/**
 * A coordinator's journal on a simulated disk. What is appended is written a moment later, survives the process from then on,
 * and the machine from the next flush on. A full disk takes nothing, and what it did not take is missing for good.
 */

import { addToRuns, runsBefore, runsFrom } from "@holdfast/coordinator/loop/journal/runs.ts";
import { type Journal, JournalUnavailable, type Orphan, type Run } from "@holdfast/coordinator/loop/journal.ts";
import type { LogEntry } from "@holdfast/coordinator/store/store.ts";
import type { History } from "../history.ts";
import { DiskFull, type SimulatedDisk } from "../machine/simulated-disk.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";

interface Stored {
  readonly lineage: string;
  readonly entry: LogEntry;
}

const entriesFolder = "journal/";
const orphansFolder = "orphans/";
const writeMs = 1;
const syncMs = 3;
/** As a bound of bytes would be reached. */
const entriesKept = 2_000;

export class SimulatedJournal implements Journal {
  readonly #process: SimulatedProcess;
  readonly #disk: SimulatedDisk;
  readonly #coordinatorId: string;
  readonly #history: History;
  /** By path, oldest first. */
  readonly #written = new Map<string, Stored>();
  readonly #unsynced = new Set<string>();
  readonly #orphans = new Map<string, Orphan>();
  #runs: Run[] = [];
  #waiting: Stored[] = [];
  #numbers = 0;
  /** Something was left out since the last flush. */
  #incomplete = false;
  /** What a full disk has not let be done: orphans first, then the cut. */
  readonly #owedOrphans = new Map<string, Orphan>();
  #owedCut: number | null = null;

  constructor(process: SimulatedProcess, coordinatorId: string, history: History) {
    this.#process = process;
    this.#disk = process.machine.disk;
    this.#coordinatorId = coordinatorId;
    this.#history = history;
    this.#load();
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  append(lineage: string, entry: LogEntry): void {
    addToRuns(this.#runs, { lineage, epoch: entry.epoch, sequence: entry.sequence });
    this.#waiting.push({ lineage, entry });
    if (this.#waiting.length === 1) this.#process.after(writeMs, () => this.#write());
  }

  async flush(): Promise<void> {
    this.#write();
    await this.#process.sleep(syncMs);
    this.#write();
    const incomplete = this.#incomplete || this.#disk.isFull;
    this.#incomplete = false;
    if (incomplete) throw new JournalUnavailable("the journal could not be written");
    this.#sync();
  }

  async *entriesAfter(sequence: number): AsyncGenerator<LogEntry> {
    this.#write();
    await this.#process.sleep(writeMs);
    for (const { entry } of [...this.#written.values()]) if (entry.sequence > sequence) yield entry;
  }

  async cutAfter(sequence: number): Promise<void> {
    this.#runs = runsBefore(this.#runs, sequence + 1);
    this.#waiting = this.#waiting.filter(({ entry }) => entry.sequence <= sequence);
    this.#write();
    await this.#process.sleep(syncMs);
    this.#owedCut = Math.min(sequence, this.#owedCut ?? sequence);
    if (!this.#settle()) throw new JournalUnavailable("the journal could not be cut");
  }

  async keepOrphan(orphan: Orphan): Promise<void> {
    this.#orphans.set(orphan.id, orphan);
    this.#owedOrphans.set(orphan.id, orphan);
    await this.#process.sleep(syncMs);
    if (!this.#writeOwedOrphans()) {
      throw new JournalUnavailable("an orphan is in memory only: it could not be written");
    }
  }

  orphans(): readonly Orphan[] {
    return [...this.#orphans.values()].sort(
      (one, other) => other.end.epoch - one.end.epoch || other.end.sequence - one.end.sequence,
    );
  }

  async dropOrphan(id: string): Promise<void> {
    this.#orphans.delete(id);
    this.#owedOrphans.delete(id);
    this.#write();
    await this.#process.sleep(syncMs);
    if (this.#disk.isFull) throw new JournalUnavailable("an orphan that is not needed any more stays on disk");
    this.#sync();
    this.#disk.delete(`${orphansFolder}${id}`);
  }

  async close(): Promise<void> {
    this.#write();
  }

  #load(): void {
    const paths = this.#disk.paths(entriesFolder).sort();
    for (const path of paths) {
      const stored = this.#disk.read<Stored>(path) as Stored;
      const { lineage, entry } = stored;
      const last = this.#runs.at(-1);
      if (last !== undefined && last.lineage !== lineage) this.#runs = [];
      else if (last !== undefined && entry.sequence <= last.last) this.#runs = runsBefore(this.#runs, entry.sequence);
      addToRuns(this.#runs, { lineage, epoch: entry.epoch, sequence: entry.sequence });
      this.#written.set(path, stored);
      this.#numbers = Number(path.slice(entriesFolder.length));
    }
    for (const path of this.#disk.paths(orphansFolder)) {
      const orphan = this.#disk.read<Orphan>(path) as Orphan;
      this.#orphans.set(orphan.id, orphan);
    }
  }

  #write(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const [first] = batch;
    if (first === undefined) return;
    if (this.#disk.isFull || !this.#settle()) {
      this.#runs = runsBefore(this.#runs, first.entry.sequence);
      this.#incomplete = true;
      return;
    }
    for (const stored of batch) {
      this.#numbers += 1;
      const path = `${entriesFolder}${String(this.#numbers).padStart(9, "0")}`;
      this.#disk.write(path, stored, "unsynced");
      this.#written.set(path, stored);
      this.#unsynced.add(path);
      this.#told(stored, false);
    }
    this.#dropOldest();
  }

  #sync(): void {
    for (const path of this.#unsynced) {
      this.#disk.sync(path);
      const stored = this.#written.get(path);
      if (stored !== undefined) this.#told(stored, true);
    }
    this.#unsynced.clear();
  }

  #settle(): boolean {
    if (!this.#writeOwedOrphans()) return false;
    const cut = this.#owedCut;
    if (cut === null) return true;
    for (const [path, { entry }] of this.#written) if (entry.sequence > cut) this.#forget(path);
    this.#owedCut = null;
    return true;
  }

  #writeOwedOrphans(): boolean {
    for (const orphan of [...this.#owedOrphans.values()]) {
      try {
        this.#disk.write(`${orphansFolder}${orphan.id}`, orphan, "synced");
      } catch (error) {
        if (!(error instanceof DiskFull)) throw error;
        return false;
      }
      this.#owedOrphans.delete(orphan.id);
    }
    return true;
  }

  #dropOldest(): void {
    if (this.#written.size <= entriesKept) return;
    for (const path of [...this.#written.keys()].slice(0, this.#written.size - entriesKept)) this.#forget(path);
    const [oldest] = this.#written.values();
    if (oldest !== undefined) this.#runs = runsFrom(this.#runs, oldest.entry.sequence);
  }

  #forget(path: string): void {
    this.#written.delete(path);
    this.#unsynced.delete(path);
    this.#disk.delete(path);
  }

  #told({ lineage, entry: { epoch, sequence } }: Stored, synced: boolean): void {
    const coordinatorId = this.#coordinatorId;
    this.#history.record({ kind: "journaled", coordinatorId, lineage, position: { epoch, sequence }, synced });
  }
}
