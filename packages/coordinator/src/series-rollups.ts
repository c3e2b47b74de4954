/**
 * Keeps what was measured beyond this process: whoever leads writes each node's minutes, and when an hour is over what its
 * minutes add up to, into the archive. A new leader writes the last few minutes once more, which replaces what its predecessor
 * wrote; what it has not heard itself stays as it was.
 */
import { createHash } from "node:crypto";
import { minuteMs, type NodeSeries } from "./core/series/node-series.ts";
import type { ArchivedSeries, ArchivedValue, SeriesArchive } from "./store/archive.ts";

export interface SeriesRollupsParts {
  readonly archive: SeriesArchive;
  /** By node. */
  readonly series: ReadonlyMap<string, NodeSeries>;
  /** It leads, and storage has room. */
  readonly mayWrite: () => boolean;
  /** Unix time. */
  readonly nowMs: () => number;
}

interface Written {
  /** How long after its end a minute of this node is written: not all at one moment. */
  readonly delayMs: number;
  /** The last minute and hour that were written, counted from 1970; -1: none by this leadership. */
  minute: number;
  hour: number;
}

const spreadMs = 45_000;
/** What was measured in the last moments of a minute has arrived. */
const settledMs = 3_000;
/** So much of what a predecessor, or a storage that was away, has missed is made up for. */
const minutesMadeUp = 10;
/** So many nodes are written at a time. */
const atOnce = 32;
const minutesPerHour = 60;

export class SeriesRollups {
  readonly #parts: SeriesRollupsParts;
  readonly #written = new Map<string, Written>();

  constructor(parts: SeriesRollupsParts) {
    this.#parts = parts;
  }

  /** Comes once a second. @throws StoreUnavailable: what is left is tried again at the next turn */
  async turn(): Promise<void> {
    const { series, mayWrite, nowMs } = this.#parts;
    if (!mayWrite()) return this.#written.clear();
    for (const nodeId of this.#written.keys()) if (!series.has(nodeId)) this.#written.delete(nodeId);
    const atMs = nowMs();
    const due = [...series].filter(([nodeId]) => this.#writtenOf(nodeId).minute < this.#dueMinute(nodeId, atMs));
    for (let first = 0; first < due.length && mayWrite(); first += atOnce) {
      await Promise.all(due.slice(first, first + atOnce).map(([nodeId, node]) => this.#write(nodeId, node, atMs)));
    }
  }

  async #write(nodeId: string, node: NodeSeries, atMs: number): Promise<void> {
    const { archive } = this.#parts;
    const written = this.#writtenOf(nodeId);
    const due = this.#dueMinute(nodeId, atMs);
    for (let minute = Math.max(written.minute + 1, due - minutesMadeUp + 1); minute <= due; minute += 1) {
      const values = valuesOf(node, minute * minuteMs);
      if (values.length > 0) await archive.write(nodeId, "minute", minute * minuteMs, values);
      written.minute = minute;
    }
    const hour = Math.floor((due + 1) / minutesPerHour) - 1;
    if (hour <= written.hour) return;
    const [fromMs, toMs] = [hour * minutesPerHour * minuteMs, ((hour + 1) * minutesPerHour - 1) * minuteMs];
    const values = (await archive.read(nodeId, "minute", fromMs, toMs)).map(hourOf);
    if (values.length > 0) await archive.write(nodeId, "hour", fromMs, values);
    written.hour = hour;
  }

  /** The last minute that is over and whose turn has come. */
  #dueMinute(nodeId: string, atMs: number): number {
    return Math.floor((atMs - settledMs - this.#writtenOf(nodeId).delayMs) / minuteMs) - 1;
  }

  #writtenOf(nodeId: string): Written {
    const known = this.#written.get(nodeId);
    if (known !== undefined) return known;
    const delayMs = createHash("sha1").update(nodeId).digest().readUInt32BE() % spreadMs;
    const written = { delayMs, minute: -1, hour: -1 };
    this.#written.set(nodeId, written);
    return written;
  }
}

function valuesOf(node: NodeSeries, atMs: number): ArchivedValue[] {
  const values: ArchivedValue[] = [];
  for (const series of node.all()) {
    const average = series.minuteAt(atMs);
    const { metric, part } = series;
    if (!Number.isNaN(average)) values.push({ metric, part, average, highest: average });
  }
  return values;
}

/** Of its minutes, those that are there. */
function hourOf({ metric, part, averages }: ArchivedSeries): ArchivedValue {
  const known = averages.filter((value) => !Number.isNaN(value));
  const average = known.reduce((sum, value) => sum + value, 0) / known.length;
  return { metric, part, average, highest: Math.max(...known) };
}
