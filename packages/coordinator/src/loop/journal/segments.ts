/**
 * The files of a journal: segments that are written one after the other, of which the oldest goes when there is no room.
 * One act at a time; `journal/file-journal.ts` sees to that.
 */
import { type FileHandle, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "./orphan-files.ts";
import { entriesOf, type JournalEntry, type Placed } from "./segment.ts";

/** A whole journal is so many segments; the oldest part of it that goes at once is one. */
const segmentsKept = 8;
const probe = Buffer.alloc(4_096, "\n");

interface Segment {
  readonly number: number;
  /** Of its first entry; infinite while it has none. */
  first: number;
  /** That are sound; a torn end beyond them is cut off before more is written. */
  bytes: number;
}

/** Opens a file as `fs.promises.open` does. */
export type OpenFile = (path: string, flags: string) => Promise<FileHandle>;

export class Segments {
  readonly #folder: string;
  readonly #segmentBytes: number;
  readonly #openFile: OpenFile;
  readonly #segments: Segment[] = [];
  #file: FileHandle | null = null;

  constructor(folder: string, maxBytes: number, openFile: OpenFile = open) {
    this.#folder = folder;
    this.#segmentBytes = Math.ceil(maxBytes / segmentsKept);
    this.#openFile = openFile;
  }

  /** Sequence of the oldest entry; infinite when there is none. */
  get first(): number {
    return Math.min(...this.#segments.map((segment) => segment.first));
  }

  /** Of all that is kept. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Reads what is there, up to the first damage in each file. */
  async load(found: (placed: Placed) => void): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => /^\d{8}\.journal$/.test(name)).sort();
    for (const name of names) {
      const segment: Segment = { number: Number.parseInt(name, 10), first: Number.POSITIVE_INFINITY, bytes: 0 };
      for (const { placed } of entriesOf(await readFile(join(this.#folder, name)))) {
        segment.first = Math.min(segment.first, placed.sequence);
        segment.bytes = placed.end;
        found(placed);
      }
      this.#segments.push(segment);
    }
  }

  async append(entries: readonly { readonly sequence: number; readonly bytes: Buffer }[]): Promise<void> {
    let group: Buffer[] = [];
    let groupBytes = 0;
    const write = async () => {
      const segment = await this.#current();
      await this.#file?.writeFile(Buffer.concat(group));
      segment.bytes += groupBytes;
      group = [];
      groupBytes = 0;
    };
    for (const { sequence, bytes } of entries) {
      const segment = await this.#current();
      if (segment.bytes + groupBytes > 0 && segment.bytes + groupBytes + bytes.length > this.#segmentBytes) {
        await write();
        await this.#begin(segment.number + 1);
      }
      const into = await this.#current();
      into.first = Math.min(into.first, sequence);
      group.push(bytes);
      groupBytes += bytes.length;
    }
    await write();
  }

  async sync(): Promise<void> {
    await this.#file?.datasync();
  }

  /** After a failure: cuts off what may be torn, and proves that there is room for more. */
  async recover(): Promise<void> {
    await this.#close();
    const segment = await this.#current();
    await this.#file?.truncate(segment.bytes);
    await this.#file?.writeFile(probe);
    await this.#file?.datasync();
    await this.#file?.truncate(segment.bytes);
  }

  async *entriesAfter(sequence: number): AsyncGenerator<JournalEntry> {
    // The oldest may go meanwhile: then reading fails, rather than passing one over.
    const segments = [...this.#segments];
    for (const [index, segment] of segments.entries()) {
      const next = segments[index + 1]?.first ?? Number.POSITIVE_INFINITY;
      if (Number.isFinite(next) && next <= sequence + 1) continue;
      for (const { placed, entry } of entriesOf(await this.#read(segment))) {
        if (placed.sequence > sequence) yield entry();
      }
    }
  }

  async cutAfter(sequence: number): Promise<void> {
    await this.#close();
    for (let segment = this.#segments.at(-1); segment !== undefined; segment = this.#segments.at(-1)) {
      if (segment.first <= sequence) {
        await this.#truncate(segment, sequence);
        break;
      }
      await rm(this.#pathOf(segment), { force: true });
      this.#segments.pop();
    }
    await syncFolder(this.#folder);
  }

  async close(): Promise<void> {
    await this.#close();
  }

  async #truncate(segment: Segment, sequence: number): Promise<void> {
    for (const { placed } of entriesOf(await this.#read(segment))) {
      if (placed.sequence <= sequence) continue;
      segment.bytes = placed.offset;
      break;
    }
    const file = await this.#openFile(this.#pathOf(segment), "a");
    try {
      await file.truncate(segment.bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #current(): Promise<Segment> {
    const segment = this.#segments.at(-1);
    if (segment === undefined) return this.#begin(1);
    if (this.#file === null) {
      this.#file = await this.#openFile(this.#pathOf(segment), "a");
      await this.#file.truncate(segment.bytes);
    }
    return segment;
  }

  /** The file before it is on disk as a whole from now on. */
  async #begin(number: number): Promise<Segment> {
    await this.#file?.datasync();
    await this.#close();
    const segment: Segment = { number, first: Number.POSITIVE_INFINITY, bytes: 0 };
    const file = await this.#openFile(this.#pathOf(segment), "w");
    this.#file = file;
    this.#segments.push(segment);
    while (this.#segments.length > segmentsKept) {
      await rm(this.#pathOf(this.#segments[0] as Segment), { force: true });
      this.#segments.shift();
    }
    await syncFolder(this.#folder);
    return segment;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async #read(segment: Segment): Promise<Buffer> {
    return (await readFile(this.#pathOf(segment))).subarray(0, segment.bytes);
  }

  #pathOf({ number }: Segment): string {
    return join(this.#folder, `${String(number).padStart(8, "0")}.journal`);
  }
}
