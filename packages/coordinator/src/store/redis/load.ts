/**
 * Reading all records that a coordinator keeps in memory. The head is read first, and the scan that follows sees each
 * record as it was then or later, so that replaying the log from that head ends in the truth.
 */
import type { RecordKind } from "../../core/record.ts";
import { isLiveTask, putLine } from "../line.ts";
import type { Head } from "../store.ts";
import type { Connection } from "./connection.ts";
import { readHead } from "./head.ts";
import type { Keys } from "./keys.ts";

/** Fields that one HSCAN looks at: about 1 ms of Redis. */
const scanCount = 1_000;
/** Bodies in one answer: at most 128 MiB if each is as large as it may be, and usually below 100 KiB. */
const bodiesAtOnce = 128;

export async function load(
  connection: Connection,
  keys: Keys,
  receive: (lines: readonly string[]) => void,
): Promise<Head | null> {
  const head = await readHead(connection, keys);
  if (head === null) return null;
  for (const kind of ["cluster", "node", "batch", "event", "task"] satisfies RecordKind[]) {
    for await (const fields of scan(connection, keys.records(kind))) {
      receive(linesOf(kind, fields));
      if (kind === "task") await loadBodies(connection, keys, liveTasks(fields), receive);
    }
  }
  return head;
}

/** Pieces of a hash, as [field, value, field, value, ...]; a field may come twice. */
async function* scan(connection: Connection, key: string): AsyncGenerator<readonly string[]> {
  let cursor = "0";
  do {
    const [next, fields] = await connection.run("load records", (redis) =>
      redis.hscan(key, cursor, "COUNT", scanCount),
    );
    cursor = next;
    yield fields;
  } while (cursor !== "0");
}

async function loadBodies(
  connection: Connection,
  keys: Keys,
  taskIds: readonly string[],
  receive: (lines: readonly string[]) => void,
): Promise<void> {
  for (let first = 0; first < taskIds.length; first += bodiesAtOnce) {
    const ids = taskIds.slice(first, first + bodiesAtOnce);
    const bodies = await connection.run("load bodies", (redis) => redis.hmget(keys.records("body"), ...ids));
    receive(ids.flatMap((id, index) => (bodies[index] == null ? [] : [putLine("body", id, bodies[index])])));
  }
}

function linesOf(kind: RecordKind, fields: readonly string[]): string[] {
  const lines: string[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    lines.push(putLine(kind, fields[index] ?? "", fields[index + 1] ?? ""));
  }
  return lines;
}

function liveTasks(fields: readonly string[]): string[] {
  return fields.filter((_, index) => index % 2 === 0 && isLiveTask(fields[index + 1] ?? ""));
}
