/**
 * A journal's entries as they stand in its files.
 *
 *   J1 <crc32> <bytes> <lineage> <epoch> <sequence> <epoch of the predecessor> <sequence of the predecessor>\n
 *   <the lines of the batch, joined by line ends: so many bytes>\n
 *
 * The checksum covers everything after it. Whatever does not fit, be it torn or garbage, ends what is read of a file.
 */
import { crc32 } from "node:zlib";
import type { LogEntry } from "../../store/store.ts";

export interface JournalEntry extends LogEntry {
  readonly lineage: string;
}

/** Where an entry stands, without its lines. */
export interface Placed {
  readonly lineage: string;
  readonly epoch: number;
  readonly sequence: number;
  /** Of its first byte in the file. */
  readonly offset: number;
  /** Of the first byte after it. */
  readonly end: number;
}

const header = /^J1 ([0-9a-f]{8}) (\d+) ([0-9A-Za-z_-]{1,64}) (\d+) (\d+) (\d+) (\d+)$/;
/** Longer than any header. */
const headerBytesMax = 256;
const lineEnd = 0x0a;

export function encodeEntry(lineage: string, entry: LogEntry): Buffer {
  const text = entry.lines.join("\n");
  const { epoch, sequence, previous } = entry;
  const described = `${Buffer.byteLength(text)} ${lineage} ${epoch} ${sequence} ${previous.epoch} ${previous.sequence}`;
  const body = `${described}\n${text}`;
  return Buffer.from(`J1 ${hex(crc32(body))} ${body}\n`);
}

/** The sound entries from the file's beginning on. */
export function* entriesOf(file: Buffer): Generator<{ readonly placed: Placed; readonly entry: () => JournalEntry }> {
  for (let offset = 0; offset < file.length; ) {
    const textStart = file.indexOf(lineEnd, offset) + 1;
    if (textStart === 0 || textStart - offset > headerBytesMax) return;
    const found = header.exec(file.toString("latin1", offset, textStart - 1));
    if (found === null) return;
    const [, checksum = "", bytes, lineage = "", ...numbers] = found;
    const textEnd = textStart + Number(bytes);
    const afterChecksum = offset + "J1 ".length + checksum.length + 1;
    if (file[textEnd] !== lineEnd || hex(crc32(file.subarray(afterChecksum, textEnd))) !== checksum) return;
    const [epoch = 0, sequence = 0, previousEpoch = 0, previousSequence = 0] = numbers.map(Number);
    const entry = () => {
      const text = file.toString("utf8", textStart, textEnd);
      const previous = { epoch: previousEpoch, sequence: previousSequence };
      return { lineage, epoch, sequence, previous, lines: text === "" ? [] : text.split("\n") };
    };
    yield { placed: { lineage, epoch, sequence, offset, end: textEnd + 1 }, entry };
    offset = textEnd + 1;
  }
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, "0");
}
