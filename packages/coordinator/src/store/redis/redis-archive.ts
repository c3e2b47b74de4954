/**
 * The archive on a Redis, over a connection of its own. A node takes at most 256 KiB there: 25 chunks of an hour's minutes and 31
 * of a day's hours, each of 40 columns of 2 and 3 bytes. Chunks expire by themselves.
 */
import { type NodeMetric, nodeMetrics } from "../../core/series/sample.ts";
import {
  type ArchivedSeries,
  type ArchivedValue,
  type Resolution,
  resolutions,
  type SeriesArchive,
} from "../archive.ts";
import { readBfloat16, writeBfloat16 } from "../bfloat16.ts";
import { readPeak, writePeak } from "../peak.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { Script } from "./script.ts";

export interface RedisArchiveOptions extends ConnectionOptions {
  readonly cell: string;
}

interface Chunks {
  readonly letter: string;
  readonly rows: number;
  /** Of a cell. */
  readonly bytes: number;
}

const chunksOf: { readonly [Kind in Resolution]: Chunks } = {
  minute: { letter: "m", rows: 60, bytes: 2 },
  hour: { letter: "h", rows: 24, bytes: 3 },
};
const columns = 40;
const dayMs = 86_400_000;
/** Longer than any chunk is kept. */
const idleDays = 32;
const known: ReadonlySet<string> = new Set(nodeMetrics);

const script = new Script("write-series");

export class RedisArchive implements SeriesArchive {
  readonly #connection: Connection;
  readonly #prefix: string;

  constructor(options: RedisArchiveOptions) {
    this.#connection = new Connection(options);
    this.#prefix = `hf:{${options.cell}}:series`;
  }

  /** Resolves when connected, or after the first failure to. */
  open(waitMs: number): Promise<void> {
    return this.#connection.open(waitMs);
  }

  async write(nodeId: string, resolution: Resolution, atMs: number, values: readonly ArchivedValue[]): Promise<void> {
    const { rows, bytes } = chunksOf[resolution];
    const { stepMs, keptMs } = resolutions[resolution];
    const step = Math.floor(atMs / stepMs);
    const chunk = Math.floor(step / rows);
    const expiresAtMs = (chunk + 1) * rows * stepMs + keptMs;
    const cells = values.flatMap((value) => [nameOf(value), cellOf(value, resolution)]);
    const today = Math.floor(atMs / dayMs);
    const args = [step % rows, rows, columns, bytes, expiresAtMs, today, idleDays, ...cells];
    const keys = [`${this.#prefix}:${nodeId}`, this.#chunkKey(nodeId, resolution, chunk)];
    await this.#connection.run("keep what was measured", (redis) => script.run(redis, keys, args));
  }

  async read(nodeId: string, resolution: Resolution, fromMs: number, toMs: number): Promise<readonly ArchivedSeries[]> {
    const { rows } = chunksOf[resolution];
    const { stepMs } = resolutions[resolution];
    const [first, last] = [Math.floor(fromMs / stepMs), Math.floor(toMs / stepMs)];
    const firstChunk = Math.floor(first / rows);
    const count = Math.floor(last / rows) - firstChunk + 1;
    if (count <= 0) return [];
    const keys = Array.from({ length: count }, (_, index) => this.#chunkKey(nodeId, resolution, firstChunk + index));
    const [names, chunks] = await this.#connection.run("read what was measured", (redis) =>
      Promise.all([redis.hgetall(`${this.#prefix}:${nodeId}`), redis.mgetBuffer(keys)]),
    );
    return Object.entries(names)
      .map(([name, column]) =>
        seriesOf(name, Number.parseInt(column, 10), { resolution, first, last, firstChunk, chunks }),
      )
      .filter((series) => series !== null);
  }

  close(): void {
    this.#connection.close();
  }

  #chunkKey(nodeId: string, resolution: Resolution, chunk: number): string {
    return `${this.#prefix}:${nodeId}:${chunksOf[resolution].letter}:${chunk}`;
  }
}

interface Stretch {
  readonly resolution: Resolution;
  /** Steps since 1970, both included. */
  readonly first: number;
  readonly last: number;
  readonly firstChunk: number;
  readonly chunks: readonly (Buffer | null)[];
}

/** Null when it has nothing in the stretch, or is of a version that measures something else. */
function seriesOf(name: string, column: number, stretch: Stretch): ArchivedSeries | null {
  const { resolution, first, last, firstChunk, chunks } = stretch;
  const { rows, bytes } = chunksOf[resolution];
  const [metric = "", ...rest] = name.split(" ");
  if (!known.has(metric)) return null;
  const averages: number[] = [];
  const highest: number[] = [];
  for (let step = first; step <= last; step += 1) {
    const chunk = chunks[Math.floor(step / rows) - firstChunk] ?? null;
    const offset = ((step % rows) * columns + column) * bytes;
    const isThere = chunk !== null && offset + bytes <= chunk.length;
    const average = isThere ? readBfloat16(chunk, offset) : Number.NaN;
    averages.push(average);
    highest.push(isThere && resolution === "hour" ? readPeak(chunk, offset + 2, average) : average);
  }
  if (averages.every(Number.isNaN)) return null;
  return { metric: metric as NodeMetric, part: rest.join(" "), averages, highest };
}

function nameOf({ metric, part }: ArchivedValue): string {
  return part === "" ? metric : `${metric} ${part}`;
}

function cellOf({ average, highest }: ArchivedValue, resolution: Resolution): Buffer {
  const cell = Buffer.alloc(chunksOf[resolution].bytes);
  writeBfloat16(cell, 0, average);
  if (resolution === "hour") writePeak(cell, 2, average, highest);
  return cell;
}
