/**
 * What was measured of one node: the last 15 minutes in steps of 5 s, and the last 6 hours as averages of minutes. At most
 * 100 KiB: 40 series, each of 540 numbers of 4 bytes and what names them.
 */
import { clearRing, noStep, putIntoRing, type RingPlace, readRing } from "./ring.ts";
import { type NodeMetric, nodeMetrics, type Sample } from "./sample.ts";

export const seriesPerNode = 40;
export const recentStepMs = 5_000;
export const minuteMs = 60_000;
export const recentSteps = 180;
export const minutesKept = 360;
/** Arrays of this many series are allocated at a time. */
const seriesPerArray = 10;
const stepsPerSeries = recentSteps + minutesKept;

const rank: ReadonlyMap<NodeMetric, number> = new Map(nodeMetrics.map((metric, index) => [metric, index]));

export class Series {
  readonly metric: NodeMetric;
  readonly part: string;
  latest = Number.NaN;
  /** Unix time. */
  latestAtMs = 0;
  readonly #numbers: Float32Array;
  readonly #from: number;
  #newestStep = noStep;
  #newestMinute = noStep;
  /** Of the newest minute. */
  #sum = 0;
  #count = 0;

  /** Takes a place in the array, whatever is there. */
  constructor(metric: NodeMetric, part: string, numbers: Float32Array, from: number) {
    this.metric = metric;
    this.part = part;
    this.#numbers = numbers;
    this.#from = from;
    clearRing({ numbers, from, length: stepsPerSeries });
  }

  get place(): RingPlace {
    return { numbers: this.#numbers, from: this.#from, length: stepsPerSeries };
  }

  put(atMs: number, value: number): void {
    this.latest = value;
    this.latestAtMs = atMs;
    this.#newestStep = putIntoRing(this.#recent(), this.#newestStep, Math.floor(atMs / recentStepMs), value);
    const minute = Math.floor(atMs / minuteMs);
    if (minute !== this.#newestMinute) {
      this.#sum = 0;
      this.#count = 0;
    }
    this.#sum += value;
    this.#count += 1;
    this.#newestMinute = putIntoRing(this.#minutes(), this.#newestMinute, minute, this.#sum / this.#count);
  }

  /** What was measured in the 5 s of this Unix time; NaN: nothing, or it is no longer kept. */
  recentAt(atMs: number): number {
    return readRing(this.#recent(), this.#newestStep, Math.floor(atMs / recentStepMs));
  }

  /** Average of what was measured in the minute of this Unix time; NaN: nothing, or it is no longer kept. */
  minuteAt(atMs: number): number {
    return readRing(this.#minutes(), this.#newestMinute, Math.floor(atMs / minuteMs));
  }

  #recent(): RingPlace {
    return { numbers: this.#numbers, from: this.#from, length: recentSteps };
  }

  #minutes(): RingPlace {
    return { numbers: this.#numbers, from: this.#from + recentSteps, length: minutesKept };
  }
}

export class NodeSeries {
  readonly #byKey = new Map<string, Series>();
  readonly #free: RingPlace[] = [];
  /** Unix time of the last measurement. */
  measuredAtMs = 0;
  /** Samples that had no room when they last came. */
  dropped = 0;

  /** One measurement of the node. Numbers that are not finite are left out. */
  put(samples: readonly Sample[], atMs: number): void {
    this.measuredAtMs = atMs;
    this.dropped = 0;
    for (const sample of samples) {
      if (!Number.isFinite(sample.value)) continue;
      const series = this.#byKey.get(keyOf(sample)) ?? this.#open(sample, atMs);
      if (series === null) this.dropped += 1;
      else series.put(atMs, sample.value);
    }
  }

  get(metric: NodeMetric, part: string): Series | undefined {
    return this.#byKey.get(keyOf({ metric, part }));
  }

  all(): Iterable<Series> {
    return this.#byKey.values();
  }

  #open(sample: Sample, atMs: number): Series | null {
    if (this.#byKey.size >= seriesPerNode && !this.#makeRoom(sample, atMs)) return null;
    const { numbers, from } = this.#takePlace();
    const series = new Series(sample.metric, sample.part, numbers, from);
    this.#byKey.set(keyOf(sample), series);
    return series;
  }

  #takePlace(): RingPlace {
    if (this.#free.length === 0) {
      const numbers = new Float32Array(seriesPerArray * stepsPerSeries);
      for (let index = seriesPerArray - 1; index >= 0; index -= 1) {
        this.#free.push({ numbers, from: index * stepsPerSeries, length: stepsPerSeries });
      }
    }
    return this.#free.pop() as RingPlace;
  }

  /** What is no longer measured goes first, then what tells less. */
  #makeRoom({ metric }: Sample, atMs: number): boolean {
    const standings = [...this.#byKey.values()].map((series) => ({ series, standing: standingOf(series, atMs) }));
    const last = standings.reduce((one, other) => (other.standing > one.standing ? other : one));
    if (last.standing <= (rank.get(metric) ?? 0)) return false;
    this.#free.push(last.series.place);
    return this.#byKey.delete(keyOf(last.series));
  }
}

function standingOf({ metric, latestAtMs }: Series, nowMs: number): number {
  const isOver = nowMs - latestAtMs > recentSteps * recentStepMs;
  return (isOver ? nodeMetrics.length : 0) + (rank.get(metric) ?? 0);
}

function keyOf({ metric, part }: Pick<Sample, "metric" | "part">): string {
  return part === "" ? metric : `${metric} ${part}`;
}
