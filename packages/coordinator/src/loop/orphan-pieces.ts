/** An orphan on its way into the log: as events for the core, each well below what one batch takes. */
import type { OrphanPiece } from "../core/event.ts";
import { type DurableRecord, decodeRecord, type NodeRecord, type TaskRecord } from "../core/record.ts";
import type { State } from "../core/state/state.ts";
import { splitLine } from "../store/line.ts";
import { type LogEntry, type Position, type Store, StoreUnavailable } from "../store/store.ts";
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
    return await keysOf(
      inJournal ? journal.entriesAfter(fork.sequence) : logAfter(store, fork.sequence, position.sequence),
    );
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

/** @throws StoreUnavailable also when the log does not hold all of it */
async function* logAfter(store: Pick<Store, "readLog">, after: number, to: number): AsyncGenerator<LogEntry> {
  for (let sequence = after; sequence < to; ) {
    const tail = await store.readLog(sequence, 0);
    const last = tail.kind === "entries" ? tail.entries.at(-1) : undefined;
    if (tail.kind === "trimmed" || last === undefined)
      throw new StoreUnavailable(`the log does not go on after ${sequence}`);
    yield* tail.entries;
    sequence = last.sequence;
  }
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
