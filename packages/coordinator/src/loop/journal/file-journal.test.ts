/** The journal on real files: what it keeps through restarts, damage and a disk that takes nothing. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LogEntry } from "../../store/store.ts";
import type { Journal, Orphan } from "../journal.ts";
import { type FileJournalOptions, openFileJournal } from "./file-journal.ts";

let folder: string;
const told: string[] = [];
const log = { info: () => {}, warn: () => {}, error: (_: object, message: string) => void told.push(message) };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-journal-"));
  told.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function openHere(options: Partial<FileJournalOptions> = {}) {
  return openFileJournal({ folder, maxBytes: 8 * 1024 * 1024, log, ...options });
}

function entry(sequence: number, epoch = 7, text = `text of ${sequence}, ä "quoted"`): LogEntry {
  const lines = [`+body\tmain-${sequence}\t${JSON.stringify(text)}`, `-tail\tmain-${sequence}.1\t`];
  return { epoch, sequence, previous: { epoch, sequence: sequence - 1 }, lines };
}

async function all(journal: Journal, after = 0): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const one of journal.entriesAfter(after)) entries.push(one);
  return entries;
}

function segments(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".journal"))
    .sort()
    .map((name) => join(folder, name));
}

test("what was appended is there again after a restart, in runs of leaderships", async () => {
  const journal = await openHere();
  const entries = [
    entry(1),
    entry(2),
    { ...entry(3, 9), previous: { epoch: 7, sequence: 2 } },
    { ...entry(4, 9), lines: [] },
  ];
  for (const one of entries) journal.append("log", one);
  await journal.flush();
  const runs = [
    { lineage: "log", epoch: 7, first: 1, last: 2 },
    { lineage: "log", epoch: 9, first: 3, last: 4 },
  ];
  expect(journal.runs).toEqual(runs);
  const again = await openHere();
  expect(again.runs).toEqual(runs);
  expect(await all(again)).toEqual(entries);
  expect(await all(again, 3)).toEqual(entries.slice(3));
  await Promise.all([journal.close(), again.close()]);
});

test("a torn end is left out, and written over by what follows", async () => {
  const journal = await openHere();
  for (const sequence of [1, 2, 3]) journal.append("log", entry(sequence));
  await journal.close();
  const [file = ""] = segments();
  const whole = readFileSync(file);
  writeFileSync(file, whole.subarray(0, whole.length - 5));
  const again = await openHere();
  expect((await all(again)).map(({ sequence }) => sequence)).toEqual([1, 2]);
  again.append("log", entry(3, 8));
  await again.close();
  const last = await openHere();
  expect((await all(last)).map(({ epoch, sequence }) => [epoch, sequence])).toEqual([
    [7, 1],
    [7, 2],
    [8, 3],
  ]);
  await last.close();
});

test.each([
  ["garbage", (file: string) => appendFileSync(file, Buffer.from([0, 1, 2, 255, 10, 74, 49, 32]))],
  [
    "a changed byte",
    (file: string) => {
      const bytes = readFileSync(file);
      bytes[bytes.length - 10] = 0x21;
      writeFileSync(file, bytes);
    },
  ],
  ["a header without an end", (file: string) => appendFileSync(file, "J1 00000000 10 log 7 4 7 3".padEnd(1_000, "0"))],
  ["a length beyond the file", (file: string) => appendFileSync(file, "J1 00000000 999999999 log 7 4 7 3\nx\n")],
])("%s ends what is read, and nothing before it is lost", async (_, damage) => {
  const journal = await openHere();
  for (const sequence of [1, 2, 3]) journal.append("log", entry(sequence));
  await journal.close();
  damage(segments()[0] ?? "");
  const again = await openHere();
  const sequences = (await all(again)).map(({ sequence }) => sequence);
  expect(sequences.slice(0, 2)).toEqual([1, 2]);
  again.append("log", entry(10));
  await again.close();
  const last = await openHere();
  expect((await all(last)).at(-1)?.sequence).toBe(10);
  await last.close();
});

test("its bytes are bounded: the oldest entries go", async () => {
  const maxBytes = 64 * 1024;
  const journal = await openHere({ maxBytes });
  for (let sequence = 1; sequence <= 400; sequence += 1) {
    journal.append("log", entry(sequence, 7, "x".repeat(1_000)));
    if (sequence % 10 === 0) await journal.flush();
  }
  const bytes = segments().reduce((sum, file) => sum + statSync(file).size, 0);
  expect(bytes).toBeLessThanOrEqual(maxBytes + 4_096);
  const kept = await all(journal);
  expect(kept.at(-1)?.sequence).toBe(400);
  expect(kept.length).toBeGreaterThan(30);
  expect(journal.runs).toEqual([{ lineage: "log", epoch: 7, first: kept[0]?.sequence, last: 400 }]);
  await journal.close();
  const again = await openHere({ maxBytes });
  expect(again.runs).toEqual(journal.runs);
  await again.close();
});

test.each([0, 1, 57, 199, 200])("a cut after %i holds through a restart, over all segments", async (cut) => {
  const journal = await openHere({ maxBytes: 64 * 1024 });
  for (let sequence = 1; sequence <= 200; sequence += 1) journal.append("log", entry(sequence, 7, "x".repeat(200)));
  await journal.cutAfter(cut);
  journal.append("log", entry(500, 9));
  await journal.flush();
  const expected = [...Array.from({ length: cut }, (_, index) => index + 1), 500];
  expect((await all(journal)).map(({ sequence }) => sequence)).toEqual(expected);
  await journal.close();
  const again = await openHere({ maxBytes: 64 * 1024 });
  expect((await all(again)).map(({ sequence }) => sequence)).toEqual(expected);
  expect(again.runs.at(-1)).toEqual({ lineage: "log", epoch: 9, first: 500, last: 500 });
  await again.close();
});

test("orphans are kept until they are dropped, longest history first", async () => {
  const orphan = (id: string, epoch: number, sequence: number): Orphan => {
    return {
      id,
      lineage: "log",
      fork: { epoch: 1, sequence: 1 },
      end: { epoch, sequence },
      lines: entry(sequence).lines,
    };
  };
  const journal = await openHere();
  await journal.keepOrphan(orphan("short", 7, 5));
  await journal.keepOrphan(orphan("long", 7, 9));
  await journal.keepOrphan(orphan("newer", 8, 2));
  await journal.keepOrphan(orphan("long", 7, 9));
  await journal.close();
  const again = await openHere();
  expect(again.orphans()).toEqual([orphan("newer", 8, 2), orphan("long", 7, 9), orphan("short", 7, 5)]);
  await again.dropOrphan("long");
  await again.dropOrphan("long");
  await again.close();
  expect((await openHere()).orphans().map(({ id }) => id)).toEqual(["newer", "short"]);
});

test("an orphan goes when what was appended in its place is on disk, and stays there when it is not", async () => {
  const acts: string[] = [];
  let broken = false;
  const openFile: FileJournalOptions["openFile"] = async (path, flags) => {
    const file = await open(path, flags);
    return new Proxy(file, {
      get(target, name) {
        if (name === "datasync") {
          return async () => {
            if (broken) throw new Error("EIO: i/o error");
            acts.push(`${orphanFiles().length} orphans at sync`);
          };
        }
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  const orphanFiles = () => readdirSync(folder).filter((name) => name.startsWith("orphan-"));
  const orphan = (id: string): Orphan => {
    return { id, lineage: "log", fork: { epoch: 1, sequence: 1 }, end: { epoch: 1, sequence: 5 }, lines: [] };
  };
  const journal = await openHere({ openFile });
  await journal.keepOrphan(orphan("one"));
  await journal.keepOrphan(orphan("two"));
  journal.append("log", entry(2));
  await journal.dropOrphan("one");
  expect(acts.at(-1)).toBe("2 orphans at sync");
  expect(orphanFiles()).toHaveLength(1);
  broken = true;
  journal.append("log", entry(3));
  await expect(journal.dropOrphan("two")).rejects.toThrow("stays on disk");
  expect(orphanFiles()).toHaveLength(1);
  expect(journal.orphans(), "it is merged, and not offered again by this process").toEqual([]);
  await journal.close();
});

test("what an orphan is made of stays in the journal until the orphan is on disk", async () => {
  const journal = await openHere();
  for (const sequence of [1, 2, 3]) journal.append("log", entry(sequence));
  await journal.flush();
  // In the way of its file.
  mkdirSync(join(folder, "orphan-o.records.new"));
  const fork = { epoch: 7, sequence: 1 };
  const orphan: Orphan = { id: "o", lineage: "log", fork, end: { epoch: 7, sequence: 3 }, lines: entry(3).lines };
  await expect(journal.keepOrphan(orphan)).rejects.toThrow("in memory only");
  await expect(journal.cutAfter(1)).rejects.toThrow("could not be cut");
  journal.append("log", entry(2, 8));
  await expect(journal.flush()).rejects.toThrow("could not be written");
  const crashed = await openHere();
  expect((await all(crashed)).map(({ epoch, sequence }) => [epoch, sequence])).toEqual([
    [7, 1],
    [7, 2],
    [7, 3],
  ]);
  rmdirSync(join(folder, "orphan-o.records.new"));
  journal.append("log", entry(3, 8));
  await journal.flush();
  await journal.close();
  const again = await openHere();
  expect(again.orphans()).toEqual([orphan]);
  expect((await all(again)).map(({ epoch, sequence }) => [epoch, sequence])).toEqual([
    [7, 1],
    [8, 3],
  ]);
  await Promise.all([crashed.close(), again.close()]);
});

test("a full disk is told once, is known to the next flush, and is gone on from when there is room again", async () => {
  let full = false;
  const openFile: FileJournalOptions["openFile"] = async (path, flags) => {
    const file = await open(path, flags);
    return new Proxy(file, {
      get(target, name) {
        if (name === "writeFile" && full) {
          return async (bytes: Buffer) => {
            await target.writeFile(bytes.subarray(0, 7));
            throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
          };
        }
        const value = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  const journal = await openHere({ openFile });
  journal.append("log", entry(1));
  await journal.flush();
  full = true;
  for (const sequence of [2, 3, 4]) {
    journal.append("log", entry(sequence));
    await expect(journal.flush()).rejects.toThrow("the journal could not be written");
  }
  expect(told).toHaveLength(1);
  expect(journal.runs).toEqual([{ lineage: "log", epoch: 7, first: 1, last: 1 }]);
  full = false;
  journal.append("log", entry(5));
  await journal.flush();
  expect((await all(journal)).map(({ sequence }) => sequence)).toEqual([1, 5]);
  await journal.close();
  const again = await openHere();
  expect((await all(again)).map(({ sequence }) => sequence)).toEqual([1, 5]);
  await again.close();
});

test("a disk that is behind by far is given up, rather than the memory", async () => {
  const journal = await openHere({ maxBytes: 64 * 1024 * 1024 });
  for (let sequence = 1; sequence <= 40; sequence += 1)
    journal.append("log", entry(sequence, 7, "x".repeat(1_000_000)));
  await expect(journal.flush()).rejects.toThrow();
  expect(told).toHaveLength(1);
  await journal.flush();
  await journal.close();
});
