import { describe, expect, test } from "vitest";
import { metricsBetween, ratePerSecond } from "./metrics-between.ts";
import type { Sample } from "./sample.ts";

const space = { totalBytes: 1000, usedBytes: 400, inodesTotal: 50, inodesUsed: 5 };

const first: Sample = {
  measuredAtMs: 1_000_000,
  monotonicMs: 500,
  cpu: { used: 100, total: 1000 },
  load: { load1: 1, load5: 2, load15: 3 },
  memory: { usedBytes: 300, availableBytes: 700, swapUsedBytes: 0 },
  pressure: { cpu: 0.1, memory: 0, io: undefined },
  disks: [
    {
      mount: "/",
      device: "/dev/vda",
      space,
      traffic: { name: "vda", readBytes: 1000, writtenBytes: 2000, busyMs: 100 },
    },
  ],
  interfaces: [{ name: "eth0", receivedBytes: 10, sentBytes: 20, errors: 1, drops: 2 }],
  gpus: [],
  processes: 80,
  agentResidentBytes: 60_000_000,
};

const second: Sample = {
  ...first,
  measuredAtMs: 1_005_000,
  monotonicMs: 5500,
  cpu: { used: 350, total: 2000 },
  disks: [
    {
      mount: "/",
      device: "/dev/vda",
      space,
      traffic: { name: "vda", readBytes: 6000, writtenBytes: 2000, busyMs: 2600 },
    },
  ],
  interfaces: [{ name: "eth0", receivedBytes: 5010, sentBytes: 20, errors: 1, drops: 12 }],
};

test("the first sample has what one reading tells, and -1 for what needs two", () => {
  const metrics = metricsBetween(undefined, first);
  expect(metrics).toMatchObject({
    measuredAtMs: 1_000_000,
    cpuUsed: -1,
    load5: 2,
    memoryUsedBytes: 300,
    processes: 80,
  });
  expect(metrics).toMatchObject({ pressureCpu: 0.1, pressureMemory: 0, pressureIo: -1 });
  expect(metrics.disks).toEqual([
    { mount: "/", device: "/dev/vda", ...space, readBytes: -1, writtenBytes: -1, busy: -1 },
  ]);
  expect(metrics.interfaces).toEqual([{ name: "eth0", receivedBytes: -1, sentBytes: -1, errors: -1, drops: -1 }]);
});

test("rates are per second over the time between the two", () => {
  const metrics = metricsBetween(first, second);
  expect(metrics.cpuUsed).toBe(0.25);
  expect(metrics.disks?.[0]).toMatchObject({ readBytes: 1000, writtenBytes: 0, busy: 0.5 });
  expect(metrics.interfaces?.[0]).toEqual({ name: "eth0", receivedBytes: 1000, sentBytes: 0, errors: 0, drops: 2 });
});

test("round trips are left to the sessions", () =>
  expect(metricsBetween(first, second)).not.toHaveProperty("roundTrips"));

test("a disk or an interface that is new has no rates yet", () => {
  const metrics = metricsBetween({ ...first, disks: [], interfaces: [] }, second);
  expect(metrics.disks?.[0]).toMatchObject({ usedBytes: 400, readBytes: -1, busy: -1 });
  expect(metrics.interfaces?.[0]).toMatchObject({ receivedBytes: -1 });
});

test("another device under the same mount is another disk", () => {
  const disks = second.disks.map((disk) => ({ ...disk, device: "/dev/vdb" }));
  expect(metricsBetween(first, { ...second, disks }).disks?.[0]).toMatchObject({ readBytes: -1 });
});

test("everything that could not be read is -1", () => {
  const nothing: Sample = {
    ...second,
    cpu: undefined,
    load: undefined,
    memory: undefined,
    processes: undefined,
    disks: [{ mount: "/", device: "/dev/vda", space: undefined, traffic: undefined }],
  };
  const metrics = metricsBetween(first, nothing);
  const { cpuUsed, load1, load15, memoryUsedBytes, memoryAvailableBytes, swapUsedBytes, processes } = metrics;
  expect([cpuUsed, load1, load15, memoryUsedBytes, memoryAvailableBytes, swapUsedBytes, processes]).toEqual(
    Array.from({ length: 7 }, () => -1),
  );
  expect(metrics.disks?.[0]).toMatchObject({ totalBytes: -1, inodesUsed: -1, readBytes: -1, busy: -1 });
});

describe("cpu", () => {
  test.each([
    ["nothing passed", { used: 100, total: 1000 }, -1],
    ["the counters were reset", { used: 5, total: 50 }, -1],
    ["idle time fell a little, so that use seems above the whole", { used: 205, total: 1100 }, 1],
    ["used time fell a little", { used: 99, total: 1100 }, 0],
  ])("%s", (_, cpu, cpuUsed) => expect(metricsBetween(first, { ...second, cpu }).cpuUsed).toBe(cpuUsed));
});

describe("rates", () => {
  test.each([
    ["grew", 100, 600, 5000, 100],
    ["stood still", 100, 100, 5000, 0],
    ["went back: reset", 100, 7, 5000, -1],
    ["went back: 32-bit counter wrapped", 2 ** 32 - 10, 50, 5000, -1],
    ["large 64-bit counters", 2 ** 52, 2 ** 52 + 5000, 1000, 5000],
    ["unknown before", undefined, 100, 5000, -1],
    ["unknown now", 100, undefined, 5000, -1],
    ["no time passed", 100, 200, 0, -1],
    ["the clock went back", 100, 200, -5, -1],
  ])("%s", (_, before, after, elapsedMs, rate) => expect(ratePerSecond(before, after, elapsedMs)).toBe(rate));
});

test("a disk is busy at most all of the time", () => {
  const disks = second.disks.map((disk) => ({ ...disk, traffic: { ...first.disks[0]?.traffic, busyMs: 9000 } }));
  expect(metricsBetween(first, { ...second, disks } as Sample).disks?.[0]).toMatchObject({ busy: 1 });
});
