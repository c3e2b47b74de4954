/**
 * Reading the log after a sequence. Entries have the id `<sequence>-0` without gaps, so a first entry that does not
 * follow the asked sequence means that what did was trimmed.
 */
import type { LogEntry, LogTail } from "../store.ts";
import type { Connection } from "./connection.ts";
import { readHead } from "./head.ts";
import type { Keys } from "./keys.ts";

const entriesAtOnce = 64;

type StreamEntry = [id: string, fields: string[]];

/**
 * @param waiting a connection of its own, which a read that waits blocks
 * @param reading another one
 */
export async function readLog(
  waiting: Connection,
  reading: Connection,
  keys: Keys,
  sequence: number,
  waitMs: number,
): Promise<LogTail> {
  const first = await readAfter(waiting, keys, sequence, waitMs);
  if (first.length > 0) return tailOf(first, sequence);
  // Nothing came. Either that is the log's end, or the log is not what the caller takes it for.
  const head = await readHead(reading, keys);
  const end = head?.position.sequence ?? 0;
  if (end < sequence) return { kind: "trimmed" };
  if (end === sequence) return { kind: "entries", entries: [] };
  return tailOf(await readAfter(waiting, keys, sequence, 0), sequence);
}

async function readAfter(
  connection: Connection,
  keys: Keys,
  sequence: number,
  waitMs: number,
): Promise<readonly StreamEntry[]> {
  const after = `${sequence}-0`;
  const blockMs = Math.floor(waitMs);
  const streams = await connection.run("read the log", (redis) =>
    blockMs > 0
      ? redis.xread("COUNT", entriesAtOnce, "BLOCK", blockMs, "STREAMS", keys.log, after)
      : redis.xread("COUNT", entriesAtOnce, "STREAMS", keys.log, after),
  );
  return (streams?.[0]?.[1] ?? []) as StreamEntry[];
}

function tailOf(found: readonly StreamEntry[], sequence: number): LogTail {
  const entries = found.map(entryOf);
  return entries[0]?.sequence === sequence + 1 ? { kind: "entries", entries } : { kind: "trimmed" };
}

function entryOf([id, fields]: StreamEntry): LogEntry {
  const values: Record<string, string | undefined> = {};
  for (let index = 0; index + 1 < fields.length; index += 2) values[fields[index] ?? ""] = fields[index + 1];
  const { epoch, previousEpoch, previousSequence, lines = "" } = values;
  return {
    epoch: Number(epoch),
    sequence: Number(id.slice(0, id.indexOf("-"))),
    previous: { epoch: Number(previousEpoch), sequence: Number(previousSequence) },
    lines: lines === "" ? [] : lines.split("\n"),
  };
}
