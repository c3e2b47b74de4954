import { expect, test } from "vitest";
import { minuteMs, NodeSeries, recentStepMs, seriesPerNode } from "./node-series.ts";
import { clearRing, noStep, putIntoRing, readRing } from "./ring.ts";
import type { NodeMetric, Sample } from "./sample.ts";
import { windowOf } from "./window.ts";

const hourMs = 60 * minuteMs;
const sample = (metric: NodeMetric, value: number, part = ""): Sample => ({ metric, part, value });

/** Measured every 5 s from `fromMs` on, so many times, with the value that is its number. */
function measured(count: number, fromMs: number): NodeSeries {
  const node = new NodeSeries();
  for (let number = 0; number < count; number += 1) {
    node.put([sample("cpu_used", number)], fromMs + number * recentStepMs);
  }
  return node;
}

test("a ring keeps the newest steps, knows which it has none for, and leaves its neighbours alone", () => {
  const ring = { numbers: new Float32Array([7, 7, 7, 7, 7, 7]), from: 1, length: 4 };
  clearRing(ring);
  let newest = noStep;
  const put = (step: number, value: number) => {
    newest = putIntoRing(ring, newest, step, value);
  };
  const read = (...steps: number[]) => steps.map((step) => readRing(ring, newest, step));
  expect(read(0)).toEqual([Number.NaN]);
  put(10, 1);
  put(10, 2);
  put(13, 3);
  expect(read(10, 11, 12, 13, 14)).toEqual([2, Number.NaN, Number.NaN, 3, Number.NaN]);
  put(14, 4);
  expect(read(10, 11, 12, 13, 14), "the oldest has gone").toEqual([Number.NaN, Number.NaN, Number.NaN, 3, 4]);
  put(100, 5);
  expect(read(13, 14, 97, 100)).toEqual([Number.NaN, Number.NaN, Number.NaN, 5]);
  put(98, 6);
  expect(read(98, 100), "a clock that is set back empties it").toEqual([6, Number.NaN]);
  expect([ring.numbers[0], ring.numbers[5]]).toEqual([7, 7]);
});

test("the recent past is told in steps of 5 s, what lies before as averages of minutes", () => {
  const nowMs = hourMs + 719 * recentStepMs;
  const node = measured(720, hourMs);
  const recent = windowOf(node, [], { fromMs: nowMs - 10_000, toMs: nowMs }, nowMs);
  expect(recent).toMatchObject({ stepMs: 5_000, firstMs: nowMs - 10_000, series: [{ values: [717, 718, 719] }] });
  const longer = windowOf(node, ["cpu_used"], { fromMs: hourMs, toMs: hourMs + 2 * minuteMs }, nowMs);
  expect(longer).toMatchObject({ stepMs: minuteMs, firstMs: hourMs, steps: 3 });
  expect(longer.series[0]?.values).toEqual([5.5, 17.5, 29.5]);
  expect(windowOf(node, ["load1"], { fromMs: hourMs, toMs: nowMs }, nowMs).series).toEqual([]);
});

test("there is nothing before what is kept, and nothing of the future", () => {
  const nowMs = 24 * hourMs;
  const node = measured(3, nowMs - 2 * recentStepMs);
  const all = windowOf(node, [], { fromMs: 0, toMs: nowMs + hourMs }, nowMs);
  expect(all).toMatchObject({ stepMs: minuteMs, firstMs: nowMs - 1_439 * minuteMs, steps: 1_440 });
  expect(all.series[0]?.values.filter((value) => !Number.isNaN(value))).toEqual([0.5, 2]);
  expect(windowOf(node, [], { fromMs: nowMs + 1, toMs: nowMs + hourMs }, nowMs).steps).toBeLessThanOrEqual(1);
  expect(windowOf(undefined, [], { fromMs: nowMs - 5_000, toMs: nowMs }, nowMs).series).toEqual([]);
});

test("what is no number is not kept", () => {
  const node = new NodeSeries();
  node.put([sample("cpu_used", Number.NaN), sample("load1", Number.POSITIVE_INFINITY)], hourMs);
  expect([...node.all()]).toEqual([]);
});

test("however many parts a node names, it has 40 series: those that tell most", () => {
  const node = new NodeSeries();
  const disks = Array.from({ length: 10_000 }, (_, index) => sample("disk_written_bytes", index, `/mnt/${index}`));
  node.put(disks, hourMs);
  expect([...node.all()]).toHaveLength(seriesPerNode);
  expect(node.dropped).toBe(10_000 - seriesPerNode);
  node.put([sample("cpu_used", 0.5), ...disks.slice(0, 40)], hourMs + 5_000);
  expect(node.get("cpu_used", "")?.latest, "it tells more than any disk's traffic").toBe(0.5);
  expect([...node.all()]).toHaveLength(seriesPerNode);
  expect(node.dropped).toBe(1);
});

test("what is no longer measured makes room", () => {
  const node = new NodeSeries();
  const cards = (from: number) =>
    Array.from({ length: seriesPerNode }, (_, index) => sample("network_drops", 0, `e${from + index}`));
  node.put(cards(0), hourMs);
  node.put(cards(100), 2 * hourMs);
  expect(node.dropped).toBe(0);
  expect(node.get("network_drops", "e0")).toBeUndefined();
  expect(node.get("network_drops", "e139")?.latest).toBe(0);
});
