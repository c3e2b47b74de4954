/** An orphan on its way into the log: as events for the core, each well below what one batch takes. */
import type { OrphanPiece } from "../core/event.ts";
import { type DurableRecord, decodeRecord, type NodeRecord, type TaskRecord } from "../core/record.ts";
import type { State } from "../core/state/state.ts";
import { splitLine } from "../store/line.ts";
import { isAt, type LogEntry, type Position, type Store, StoreUnavailable } from "../store/store.ts";
import { type Journal, JournalUnavailable, type Orphan } from "./journal.ts";

const recordsPerPiece = 100;
const pieceLength = 128 * 1024;

/** A task is never parted from its body and tails. The last piece says so, and there is always one. */
export function* piecesOf(
  orphan: Orphan,
  origin: string,
  changedSince: OrphanPiece["changedSince"],
  seen: OrphanPiece["seen"],
): Generator<OrphanPiece> {
  const piece = (records: readonly DurableRecord[], isLast: boolean): OrphanPiece => {
    return { orphanId: orphan.id, origin, end: orphan.end, records, changedSince, seen, isLast };
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

/** What the state holds of an orphan's tasks and nodes. */
export function seenOf(orphan: Orphan, { tasks, nodes }: Pick<State, "tasks" | "nodes">): OrphanPiece["seen"] {
  const seen = new Map<string, TaskRecord | NodeRecord>();
  for (const line of orphan.lines) {
    const [kind, id = ""] = line.slice(1).split("\t", 2);
    const ours = kind === "task" ? tasks.get(id) : kind === "node" ? nodes.get(id) : undefined;
    if (ours !== undefined) seen.set(`${kind} ${id}`, ours);
  }
  return seen;
}

/**
 * What our log has changed from the fork to `position`, as the journal tells, or the log itself where that has a gap (a
 * coordinator that loads the state as a whole does not see how it came about). Null: neither reaches back so far.
 */
export async function changedSince(
  journal: Journal,
  store: Pick<Store, "readLog">,
  orphan: Orphan,
  position: Position,
): Promise<ReadonlySet<string> | null> {
  const { lineage, fork } = orphan;
  try {
    const inJournal = reachesFrom(journal, lineage, fork.sequence + 1, position.sequence);
    return await keysOf(inJournal ? journal.entriesAfter(fork.sequence) : logBetween(store, fork, position));
  } catch (error) {
    if (error instanceof JournalUnavailable || error instanceof StoreUnavailable) return null;
    throw error;
  }
}

function reachesFrom({ runs }: Journal, lineage: string, from: number, to: number): boolean {
  let next = from;
  for (const run of runs) {
    if (run.lineage !== lineage) return false;
    if (run.last < next) continue;
    if (run.first > next) return false;
    next = run.last + 1;
  }
  return next > to;
}

/**
 * What leads from one position to another. While two servers take themselves for the primary, the log that is read may be
 * another than the one that this coordinator leads on: it must go from the one to the other without a step aside.
 *
 * @throws StoreUnavailable also when the log does not hold all of it
 */
async function* logBetween(store: Pick<Store, "readLog">, from: Position, to: Position): AsyncGenerator<LogEntry> {
  let at = from;
  while (at.sequence < to.sequence) {
    const tail = await store.readLog(at.sequence, 0);
    const entries = tail.kind === "entries" ? tail.entries : [];
    if (entries.length === 0) throw new StoreUnavailable(`the log does not go on after ${at.sequence}`);
    for (const entry of entries) {
      if (at.sequence === to.sequence) break;
      if (!isAt(entry.previous, at)) throw new StoreUnavailable(`the log parts from ours after ${at.sequence}`);
      yield entry;
      at = { epoch: entry.epoch, sequence: entry.sequence };
    }
  }
  if (!isAt(at, to)) throw new StoreUnavailable(`the log has another batch at ${to.sequence}`);
}

async function keysOf(entries: AsyncIterable<LogEntry>): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  for await (const { lines } of entries) {
    for (const line of lines) {
      const { kind, id } = splitLine(line);
      changed.add(`${kind} ${id}`);
    }
  }
  return changed;
}
