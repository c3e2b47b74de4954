/**
 * The journal in files of the coordinator's own folder.
 *
 * What is appended is written behind, in the order of the calls; all acts on the files stand in one queue. When writing
 * fails, what waited is left out, the log tells it once, and later writes try whether the disk takes anything again.
 */
import { mkdir } from "node:fs/promises";
import type { LogEntry } from "../../store/store.ts";
import { type Journal, JournalUnavailable, type Orphan, type Run } from "../journal.ts";
import type { Log } from "../ports.ts";
import { readOrphans, removeOrphan, writeOrphan } from "./orphan-files.ts";
import { addToRuns, runsBefore, runsFrom } from "./runs.ts";
import { encodeEntry } from "./segment.ts";
import { type OpenFile, Segments } from "./segments.ts";

export interface FileJournalOptions {
  /** Made when it is not there. */
  readonly folder: string;
  readonly maxBytes: number;
  readonly log: Log;
  /** Default: the file system's. */
  readonly openFile?: OpenFile;
}

interface Waiting {
  readonly sequence: number;
  readonly bytes: Buffer;
}

/** A disk that is behind by more takes too long: what waits is given up. */
const backlogMaxBytes = 32 * 1024 * 1024;

/** @throws Error when the folder cannot be used, or an orphan in it is damaged */
export async function openFileJournal(options: FileJournalOptions): Promise<FileJournal> {
  const { folder, maxBytes, openFile, log } = options;
  await mkdir(folder, { recursive: true });
  const segments = new Segments(folder, maxBytes, openFile);
  let runs: Run[] = [];
  await segments.load((placed) => {
    const last = runs.at(-1);
    // One chain, whatever damage has left: what follows a step back counts.
    if (last !== undefined && last.lineage !== placed.lineage) runs = [];
    else if (last !== undefined && placed.sequence <= last.last) runs = runsBefore(runs, placed.sequence);
    addToRuns(runs, placed);
  });
  return new FileJournal(folder, segments, runs, await readOrphans(folder), log);
}

export class FileJournal implements Journal {
  readonly #folder: string;
  readonly #segments: Segments;
  readonly #orphans: Map<string, Orphan>;
  readonly #log: Log;
  #runs: Run[];
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #queue: Promise<void> = Promise.resolve();
  /** Why the disk takes nothing; null: it does. */
  #failure: unknown = null;
  /** Something was left out since the last flush. */
  #incomplete = false;
  /** Orphans that could not be written yet: what they are made of must not be cut off before they are. */
  readonly #owedOrphans = new Map<string, Orphan>();
  /** A cut that has not worked yet. */
  #owedCut: number | null = null;

  constructor(folder: string, segments: Segments, runs: Run[], orphans: readonly Orphan[], log: Log) {
    this.#folder = folder;
    this.#segments = segments;
    this.#runs = runs;
    this.#orphans = new Map(orphans.map((orphan) => [orphan.id, orphan]));
    this.#log = log;
  }

  /** Of the entries on disk; those that wait to be written, and orphans, do not count. */
  get bytesOnDisk(): number {
    return this.#segments.bytes;
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  append(lineage: string, entry: LogEntry): void {
    const { epoch, sequence } = entry;
    const bytes = encodeEntry(lineage, entry);
    addToRuns(this.#runs, { lineage, epoch, sequence });
    const isFirst = this.#waiting.length === 0;
    this.#waiting.push({ sequence, bytes });
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > backlogMaxBytes) this.#leaveOut(this.#takeWaiting(), new Error("the disk is too slow"));
    else if (isFirst) void this.#enqueue(() => this.#write());
  }

  async flush(): Promise<void> {
    await this.#enqueue(() => this.#write());
    await this.#enqueue(async () => {
      try {
        if (this.#failure === null) await this.#segments.sync();
        else await this.#recover();
      } catch (error) {
        this.#failed(error);
      }
    });
    const incomplete = this.#incomplete;
    this.#incomplete = false;
    if (this.#failure === null && !incomplete) return;
    throw new JournalUnavailable("the journal could not be written", { cause: this.#failure });
  }

  async *entriesAfter(sequence: number): AsyncGenerator<LogEntry> {
    await this.#enqueue(() => this.#write());
    try {
      for await (const { lineage: _, ...entry } of this.#segments.entriesAfter(sequence)) yield entry;
    } catch (error) {
      throw new JournalUnavailable("the journal could not be read", { cause: error });
    }
  }

  async cutAfter(sequence: number): Promise<void> {
    this.#runs = runsBefore(this.#runs, sequence + 1);
    this.#waiting = this.#waiting.filter((waiting) => waiting.sequence <= sequence);
    this.#waitingBytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
    await this.#enqueue(async () => {
      this.#owedCut = Math.min(sequence, this.#owedCut ?? sequence);
      try {
        await this.#cutOwed();
      } catch (error) {
        this.#failed(error);
        throw new JournalUnavailable("the journal could not be cut", { cause: error });
      }
    });
  }

  async keepOrphan(orphan: Orphan): Promise<void> {
    this.#orphans.set(orphan.id, orphan);
    this.#owedOrphans.set(orphan.id, orphan);
    await this.#enqueue(async () => {
      try {
        await this.#writeOwedOrphans();
      } catch (error) {
        this.#failed(error);
        throw new JournalUnavailable("an orphan is in memory only: it could not be written", { cause: error });
      }
    });
  }

  orphans(): readonly Orphan[] {
    return [...this.#orphans.values()].sort(
      (one, other) => other.end.epoch - one.end.epoch || other.end.sequence - one.end.sequence,
    );
  }

  /** What the log has of it since may be in this journal only, and has to be on disk as the orphan was. */
  async dropOrphan(id: string): Promise<void> {
    if (!this.#orphans.delete(id)) return;
    this.#owedOrphans.delete(id);
    await this.#enqueue(() => this.#write());
    await this.#enqueue(async () => {
      try {
        if (this.#failure !== null) throw this.#failure;
        await this.#segments.sync();
        await removeOrphan(this.#folder, id);
      } catch (error) {
        this.#failed(error);
        throw new JournalUnavailable("an orphan that is not needed any more stays on disk", { cause: error });
      }
    });
  }

  async close(): Promise<void> {
    await this.#enqueue(() => this.#write());
    await this.#enqueue(() => this.#segments.close());
  }

  #enqueue(act: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(act);
    this.#queue = done.catch(() => {});
    return done;
  }

  async #write(): Promise<void> {
    const batch = this.#takeWaiting();
    if (batch.length === 0) return;
    try {
      if (this.#failure !== null) await this.#recover();
      await this.#segments.append(batch);
      this.#runs = runsFrom(this.#runs, this.#segments.first);
    } catch (error) {
      this.#leaveOut([...batch, ...this.#takeWaiting()], error);
    }
  }

  #takeWaiting(): Waiting[] {
    const taken = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    return taken;
  }

  #leaveOut(batch: readonly Waiting[], error: unknown): void {
    const [first] = batch;
    if (first !== undefined) this.#runs = runsBefore(this.#runs, first.sequence);
    this.#incomplete = true;
    this.#failed(error);
  }

  #failed(error: unknown): void {
    if (this.#failure === null) {
      const message = "the journal cannot be written: what the store loses meanwhile cannot be given back by this one";
      this.#log.error({ folder: this.#folder, error }, message);
    }
    this.#failure = error;
  }

  async #recover(): Promise<void> {
    await this.#cutOwed();
    await this.#segments.recover();
    this.#failure = null;
    this.#log.info({ folder: this.#folder }, "the journal can be written again");
  }

  async #writeOwedOrphans(): Promise<void> {
    for (const orphan of [...this.#owedOrphans.values()]) {
      await writeOrphan(this.#folder, orphan);
      this.#owedOrphans.delete(orphan.id);
    }
  }

  async #cutOwed(): Promise<void> {
    await this.#writeOwedOrphans();
    if (this.#owedCut === null) return;
    await this.#segments.cutAfter(this.#owedCut);
    this.#owedCut = null;
  }
}
