import { expect, test } from "vitest";
import { minuteMs, NodeSeries } from "./core/series/node-series.ts";
import { SeriesRollups } from "./series-rollups.ts";
import { MemoryArchive } from "./store/memory/memory-archive.ts";
import { StoreUnavailable } from "./store/store.ts";

const hourMs = 60 * minuteMs;
const startMs = 500_000 * hourMs;
/** After its end and the longest delay, every minute is written. */
const allWrittenMs = 50_000;

class World {
  readonly archive = new MemoryArchive();
  readonly series = new Map<string, NodeSeries>();
  leads = true;
  nowMs = startMs;
  rollups = this.another();

  /** Of another coordinator, on the same archive. */
  another(series = this.series): SeriesRollups {
    return new SeriesRollups({
      archive: this.archive,
      series,
      mayWrite: () => this.leads,
      nowMs: () => this.nowMs,
    });
  }

  /** Each node is measured every 5 s, with the number of the minute as its value. */
  measure(minutes: number, nodeIds: readonly string[] = ["a"]): void {
    for (const untilMs = this.nowMs + minutes * minuteMs; this.nowMs < untilMs; this.nowMs += 5_000) {
      const minute = Math.floor((this.nowMs - startMs) / minuteMs);
      for (const nodeId of nodeIds) {
        const node = this.series.get(nodeId) ?? new NodeSeries();
        this.series.set(nodeId, node);
        node.put([{ metric: "load1", part: "", value: minute }], this.nowMs);
      }
    }
  }

  async minutes(count: number, nodeId = "a"): Promise<readonly number[]> {
    const [series] = await this.archive.read(nodeId, "minute", startMs, startMs + (count - 1) * minuteMs);
    return series?.averages ?? [];
  }
}

test("minutes are written when they are over, and not again", async () => {
  const world = new World();
  world.measure(2);
  await world.rollups.turn();
  expect((await world.minutes(3)).at(1), "it may still arrive").toBeNaN();
  world.nowMs += allWrittenMs;
  await world.rollups.turn();
  expect(await world.minutes(3)).toEqual([0, 1, Number.NaN]);
  await world.archive.write("a", "minute", startMs, []);
  await world.rollups.turn();
  expect((await world.minutes(2))[0], "what is written is left alone").toBeNaN();
});

test("nodes are not all written at one moment", async () => {
  const world = new World();
  const nodeIds = Array.from({ length: 50 }, (_, index) => `node-${index}`);
  world.measure(1, nodeIds);
  const writtenAt = new Set<number>();
  for (let second = 0; second < 50; second += 1) {
    await world.rollups.turn();
    const written = await Promise.all(nodeIds.map((nodeId) => world.minutes(1, nodeId)));
    writtenAt.add(written.filter((values) => values.length > 0).length);
    world.nowMs += 1_000;
  }
  expect(writtenAt.size, "steps in which they were written").toBeGreaterThan(10);
  expect(writtenAt).toContain(nodeIds.length);
});

test("an hour is the average and the highest of its minutes, also of those that a predecessor wrote", async () => {
  const world = new World();
  world.measure(30);
  world.nowMs += allWrittenMs;
  for (let round = 0; round < 3; round += 1) await world.rollups.turn();
  // The predecessor wrote the minutes before, which this one has not heard.
  for (let minute = 0; minute < 20; minute += 1) {
    const value = { metric: "load1", part: "", average: minute, highest: minute } as const;
    await world.archive.write("a", "minute", startMs + minute * minuteMs, [value]);
  }
  world.nowMs = startMs + hourMs + allWrittenMs;
  await world.rollups.turn();
  const [hour] = await world.archive.read("a", "hour", startMs, startMs);
  expect(hour).toMatchObject({ averages: [expect.closeTo(14.5, 1)], highest: [29] });
});

test("only a leader writes, and a new one makes up for what its predecessor has missed", async () => {
  const world = new World();
  world.leads = false;
  world.measure(5);
  world.nowMs += allWrittenMs;
  await world.rollups.turn();
  expect(await world.minutes(5)).toEqual([]);
  world.leads = true;
  await world.another().turn();
  expect(await world.minutes(5)).toEqual([0, 1, 2, 3, 4]);
});

test("a storage that was away gets what it missed", async () => {
  const world = new World();
  world.measure(3);
  world.nowMs += allWrittenMs;
  const { archive } = world;
  const write = archive.write.bind(archive);
  archive.write = () => Promise.reject(new StoreUnavailable("away"));
  await expect(world.rollups.turn()).rejects.toThrow(StoreUnavailable);
  archive.write = write;
  await world.rollups.turn();
  expect(await world.minutes(3)).toEqual([0, 1, 2]);
});
