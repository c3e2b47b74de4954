/**
 * What only the journal has: found by comparing it with the log, and set aside before the journal goes on with the log's own
 * history.
 */
import { createHash } from "node:crypto";
import { forkOf, type History, has, logStart } from "../core/recovery/fork.ts";
import { splitLine } from "../store/line.ts";
import type { LogEntry, Position } from "../store/store.ts";
import { type Journal, JournalUnavailable, type Orphan } from "./journal.ts";
import type { Log } from "./ports.ts";

const digestLength = 12;

/** Compares the journal with the log, and makes an orphan of what the log does not have. */
export async function setAsideOrphans(journal: Journal, lineage: string, history: History, log: Log): Promise<void> {
  for (const orphan of unmergedOrphans(journal, lineage)) {
    // The log was restored, and has it all again.
    if (!has(history, orphan.end)) continue;
    await goOn("an orphan that the log has again stays on disk", log, () => journal.dropOrphan(orphan.id));
  }
  const { runs } = journal;
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return;
  const fork = first.lineage === lineage ? forkOf(history, runs) : logStart;
  if (fork === null) return;
  const end = { epoch: last.epoch, sequence: last.last };
  await goOn("what the store has lost could not be set aside", log, async () => {
    await setAside(journal, first.lineage, fork, end, log);
    await goOn("what the store has lost is still in the journal", log, () => journal.cutAfter(fork.sequence));
  });
}

/** With a disk that does not serve. */
async function goOn(failed: string, log: Log, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof JournalUnavailable)) throw error;
    log.error({ error, cause: error.cause }, failed);
  }
}

/** Those that can be merged into a log of this lineage; others stay, in case that their log comes back. */
export function unmergedOrphans(journal: Journal, lineage: string): readonly Orphan[] {
  return journal.orphans().filter((orphan) => orphan.lineage === lineage);
}

async function setAside(journal: Journal, lineage: string, fork: Position, end: Position, log: Log): Promise<void> {
  const lines = await lastOfEachKey(journal.entriesAfter(fork.sequence));
  const found = { lineage, fork, end, records: lines.length };
  log.warn(found, "the store has lost or replaced what this coordinator knows to be committed");
  if (lines.length === 0) return;
  // Of two journals with other gaps between the same ends, each may have what the other lacks.
  const digest = createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, digestLength);
  const id = `${lineage}.${fork.sequence}.${end.epoch}.${end.sequence}.${digest}`;
  await goOn("what the store has lost is kept in memory only", log, () =>
    journal.keepOrphan({ id, lineage, fork, end, lines }),
  );
}

/**
 * What the batches add up to, without deletions and without what each leader writes for itself: nodes and cluster, then
 * batches, then tasks, each with its body and tails right behind it.
 */
async function lastOfEachKey(entries: AsyncIterable<LogEntry>): Promise<string[]> {
  const last = new Map<string, { readonly line: string; readonly rank: string }>();
  for await (const { lines } of entries) {
    for (const line of lines) {
      const { kind, id, text } = splitLine(line);
      // What each leader writes for itself; an operator's word is there only if one has spoken.
      if (kind === "event" || (kind === "cluster" && !text?.includes('"placementChangedAtMs":'))) continue;
      const key = `${kind}\t${id}`;
      last.delete(key);
      if (text !== null) last.set(key, { line, rank: rankOf(kind, id) });
    }
  }
  const kept = [...last.values()];
  return kept.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)).map(({ line }) => line);
}

const order = { cluster: "0", node: "0", batch: "1", task: "2", body: "2", tail: "2" };

function rankOf(kind: keyof typeof order, id: string): string {
  if (kind === "cluster" || kind === "node" || kind === "batch") return `${order[kind]} ${id}`;
  const taskId = kind === "tail" ? id.slice(0, id.lastIndexOf(".")) : id;
  return `${order[kind]} ${taskId} ${kind === "task" ? 0 : 1}`;
}
