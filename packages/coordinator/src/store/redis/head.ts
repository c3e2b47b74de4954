/** Reading where the log stands. */
import type { Head } from "../store.ts";
import type { Connection } from "./connection.ts";
import type { Keys } from "./keys.ts";

export async function readHead(connection: Connection, keys: Keys): Promise<Head | null> {
  const [lineage, epoch, sequence] = await connection.run("read the head", (redis) =>
    redis.hmget(keys.head, "lineage", "positionEpoch", "sequence"),
  );
  if (lineage == null) return null;
  return { lineage, position: { epoch: Number(epoch), sequence: Number(sequence) } };
}
