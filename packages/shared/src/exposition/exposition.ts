/**
 * What a daemon exposes to Prometheus: one registry for each daemon, and numbers that are read when somebody asks.
 *
 * Whatever is labelled is bounded: a family shows at most `seriesMax` series, and a label's value at most
 * `labelCharactersMax` characters. What was left out is counted, in a metric of its own.
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export interface Family<Label extends string = never> {
  /** As Prometheus' guidelines have it: base units, `_total` for counters. */
  readonly name: string;
  readonly help: string;
  /** Values from outside must come from a set that is bounded where they are read; the bound here is the last one. */
  readonly labels?: readonly Label[];
}

export interface Reading<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

export interface DescribedMetric {
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

/** Called for each thing that happened; cheap enough for every task. */
export type Observe = (value: number) => void;

const seriesMax = 64;
const labelCharactersMax = 128;

export class Exposition {
  readonly #registry = new Registry();
  readonly #described: DescribedMetric[] = [];
  readonly #leftOut = new Map<string, number>();

  constructor() {
    this.gauges(
      {
        name: "holdfast_exposition_left_out_series",
        help: `Series that the scrape before this one left out because their family had more than ${seriesMax}.`,
        labels: ["family"],
      },
      () => [...this.#leftOut].map(([family, value]) => ({ labels: { family }, value })),
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything that is exposed, in the order in which it was added. */
  get described(): readonly DescribedMetric[] {
    return this.#described;
  }

  /** @param read null, or what is no finite number: left out of this scrape */
  gauge(family: Family, read: () => number | null): void {
    this.gauges(family, () => withoutLabels(read()));
  }

  gauges<Label extends string>(family: Family<Label>, read: () => Iterable<Reading<Label>>): void {
    const exposition = this;
    const gauge = new Gauge({
      ...this.#describe("gauge", family),
      collect() {
        this.reset();
        // A gauge without labels shows 0 after a reset, which nobody measured.
        if (family.labels === undefined) this.remove();
        for (const { labels, value } of exposition.#bounded(family, read())) this.set(labels, value);
      },
    });
    this.#registry.registerMetric(gauge);
  }

  /** @param read how often it has happened since the process started; never less than before */
  counter(family: Family, read: () => number): void {
    this.counters(family, () => withoutLabels(read()));
  }

  counters<Label extends string>(family: Family<Label>, read: () => Iterable<Reading<Label>>): void {
    const exposition = this;
    const counter = new Counter({
      ...this.#describe("counter", family),
      collect() {
        this.reset();
        for (const { labels, value } of exposition.#bounded(family, read())) this.inc(labels, value);
      },
    });
    this.#registry.registerMetric(counter);
  }

  /** @param bounds upper bounds of its buckets, ascending */
  histogram(family: Family, bounds: readonly number[]): Observe {
    const histogram = new Histogram({ ...this.#describe("histogram", family), buckets: [...bounds] });
    this.#registry.registerMetric(histogram);
    return (value) => histogram.observe(value);
  }

  /** All of it in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #describe<Label extends string>(kind: DescribedMetric["kind"], { name, help, labels = [] }: Family<Label>) {
    this.#described.push({ name, kind, help, labels });
    return { name, help, labelNames: [...labels], registers: [] };
  }

  *#bounded<Label extends string>({ name }: Family<Label>, readings: Iterable<Reading<Label>>) {
    let shown = 0;
    let leftOut = 0;
    for (const { labels, value } of readings) {
      if (!Number.isFinite(value)) continue;
      shown += 1;
      if (shown > seriesMax) leftOut += 1;
      else yield { labels: boundedLabels(labels), value };
    }
    if (leftOut > 0) this.#leftOut.set(name, leftOut);
    else this.#leftOut.delete(name);
  }
}

function boundedLabels<Label extends string>(labels: Readonly<Record<Label, string>>): Record<Label, string> {
  const bounded = Object.entries<string>(labels).map(([name, value]) => [name, boundedText(value)]);
  return Object.fromEntries(bounded) as Record<Label, string>;
}

/** What is cut says so. */
function boundedText(value: string): string {
  return value.length <= labelCharactersMax ? value : `${value.slice(0, labelCharactersMax - 1)}…`;
}

function withoutLabels(value: number | null): Reading<never>[] {
  return value === null ? [] : [{ labels: {}, value }];
}
