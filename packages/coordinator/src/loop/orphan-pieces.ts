/** An orphan on its way into the log: as events for the core, each well below what one batch takes. */
import type { OrphanPiece } from "../core/event.ts";
import { type DurableRecord, decodeRecord } from "../core/record.ts";
import { splitLine } from "../store/line.ts";
import { type Journal, JournalUnavailable, type Orphan } from "./journal.ts";

const recordsPerPiece = 100;
const pieceLength = 128 * 1024;

/** A task is never parted from its body and tails. The last piece says so, and there is always one. */
export function* piecesOf(
  orphan: Orphan,
  origin: string,
  changedSince: ReadonlySet<string> | null,
): Generator<OrphanPiece> {
  const piece = (records: readonly DurableRecord[], isLast: boolean): OrphanPiece => {
    return { orphanId: orphan.id, origin, end: orphan.end, records, changedSince, isLast };
  };
  let records: DurableRecord[] = [];
  let length = 0;
  for (const line of orphan.lines) {
    const record = decodeRecord(line);
    const belongsToLast = record.kind === "body" || record.kind === "tail";
    if (!belongsToLast && (records.length >= recordsPerPiece || length >= pieceLength)) {
      yield piece(records, false);
      records = [];
      length = 0;
    }
    records.push(record);
    length += line.length;
  }
  yield piece(records, true);
}

/** What our log has changed since the fork, as far as the journal tells; null: it does not reach back so far. */
export async function changedSince(journal: Journal, orphan: Orphan): Promise<ReadonlySet<string> | null> {
  const from = orphan.fork.sequence + 1;
  let next = from;
  for (const { lineage, first, last } of journal.runs) {
    if (lineage !== orphan.lineage) return null;
    if (last < next) continue;
    if (first > next) return null;
    next = last + 1;
  }
  const changed = new Set<string>();
  try {
    for await (const { lines } of journal.entriesAfter(orphan.fork.sequence)) {
      for (const line of lines) {
        const { kind, id } = splitLine(line);
        changed.add(`${kind} ${id}`);
      }
    }
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error;
    return null;
  }
  return changed;
}
