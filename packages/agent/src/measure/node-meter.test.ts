/** The meter on the real /proc of this machine. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findCgroupLimits } from "./cgroup-limits.ts";
import { diskSpaceOf } from "./disk-space.ts";
import { NodeMeter } from "./node-meter.ts";
import { processCounter } from "./proc/process-count.ts";
import type { SensorChange } from "./sensor-budget.ts";

const changes: SensorChange[] = [];
let meter: NodeMeter;

beforeEach(() => {
  changes.length = 0;
  meter = new NodeMeter({ cgroup: {}, onSensorChange: (change) => changes.push(change) });
});
afterEach(() => meter.close());

/** Resolves when the machine's processors have counted that many more ticks, which they do also when idle. */
async function ticksPassed(ticks: number): Promise<void> {
  const until = machineTicks().total + ticks;
  while (machineTicks().total < until) await new Promise((resolve) => setImmediate(resolve));
}

/** /proc/stat summed over the single processors, independently of the line that the meter reads. */
function machineTicks(): { used: number; total: number } {
  const sum = { used: 0, total: 0 };
  for (const [, columns] of readFileSync("/proc/stat", "utf8").matchAll(/^cpu\d+ (.*)$/gm)) {
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = (columns ?? "")
      .split(" ")
      .map(Number);
    const used = user + nice + system + irq + softirq + steal;
    sum.used += used;
    sum.total += used + idle + iowait;
  }
  return sum;
}

const fraction = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= 1;

test("the first sample has states but no rates, the second has both", async () => {
  const first = await meter.sample();
  expect(first.cpuUsed).toBe(-1);
  expect(first.interfaces?.every(({ receivedBytes }) => receivedBytes === -1)).toBe(true);
  await ticksPassed(4);
  const second = await meter.sample();
  expect(second.cpuUsed).toSatisfy(fraction);
  expect(second.interfaces?.every(({ receivedBytes }) => Number(receivedBytes) >= 0)).toBe(true);
  expect(second.disks?.every(({ readBytes }) => Number(readBytes) >= -1)).toBe(true);
  expect(changes, "no sensor should have switched off").toEqual([]);
});

test("what it tells agrees with what Node and the file system tell", async () => {
  const metrics = await meter.sample();
  expect(Number(metrics.measuredAtMs)).toBeGreaterThan(Date.now() - 10_000);
  expect(Number(metrics.memoryUsedBytes) + Number(metrics.memoryAvailableBytes)).toBe(os.totalmem());
  const loads = os.loadavg();
  expect(Math.abs(Number(metrics.load5) - (loads[1] ?? 0))).toBeLessThan(1);
  const listed = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).length;
  expect(Math.abs(Number(metrics.processes) - listed), `listed ${listed}`).toBeLessThan(50);
  expect(Number(metrics.agentResidentBytes) / process.memoryUsage.rss()).toBeCloseTo(1, 0);
});

test("pressure is a fraction, or -1 where the kernel does not tell it", async () => {
  const { pressureCpu, pressureMemory, pressureIo } = await meter.sample();
  for (const pressure of [pressureCpu, pressureMemory, pressureIo]) {
    expect(pressure === -1 || fraction(pressure), `pressure ${pressure}`).toBe(true);
  }
});

test("disks are within bounds, and the loopback is no interface", async () => {
  const { disks = [], interfaces = [] } = await meter.sample();
  expect(interfaces.map(({ name }) => name)).not.toContain("lo");
  expect(disks.length, "disks of this machine").toBeGreaterThan(0);
  for (const { mount, usedBytes, totalBytes } of disks) {
    expect(Number(usedBytes), `${mount} used`).toBeLessThanOrEqual(Number(totalBytes));
  }
});

test("burnt processor time shows as the kernel counts it", async () => {
  await meter.sample();
  const before = machineTicks();
  // At least half a second of one core by the kernel's own count of this thread, however busy the machine is.
  const burnUntilMicros = process.threadCpuUsage().user + 500_000;
  while (process.threadCpuUsage().user < burnUntilMicros);
  const { cpuUsed } = await meter.sample();
  const after = machineTicks();
  const expected = (after.used - before.used) / (after.total - before.total);
  expect(Number(cpuUsed)).toBeGreaterThanOrEqual((1 / os.cpus().length) * 0.7);
  expect(Math.abs(Number(cpuUsed) - expected), `meter ${cpuUsed}, /proc/stat ${expected}`).toBeLessThan(0.1);
});

/** The cgroup of this process, as if limits stood on it: the usage that is measured against them is real. */
const pretended = findCgroupLimits((path) => {
  if (!existsSync(path)) return undefined;
  if (/memory\.(max|limit_in_bytes)$/.test(path)) return String(64 * 2 ** 30);
  if (path.endsWith("cpu.max")) return "200000 100000";
  if (path.endsWith("cpu.cfs_quota_us")) return "200000";
  return readFileSync(path, "utf8");
});

test.skipIf(pretended.memory === undefined || pretended.cpu === undefined)(
  "under a cgroup's limits, shares are those of the limits",
  async () => {
    const limited = new NodeMeter({ cgroup: pretended });
    await limited.sample();
    await ticksPassed(4);
    const { cpuUsed, memoryUsedBytes, memoryAvailableBytes } = await limited.sample();
    limited.close();
    expect(cpuUsed).toSatisfy(fraction);
    expect(Number(memoryUsedBytes)).toBeGreaterThan(0);
    expect(Number(memoryUsedBytes) + Number(memoryAvailableBytes)).toBeLessThanOrEqual(pretended.memory?.limit ?? 0);
  },
);

test("calls at the same time share one measurement", async () => {
  const [left, right] = await Promise.all([meter.sample(), meter.sample()]);
  expect(left).toBe(right);
});

test("a sample costs a fraction of a millisecond", async () => {
  for (let warm = 0; warm < 200; warm += 1) await meter.sample();
  const before = process.cpuUsage();
  const samples = 300;
  for (let at = 0; at < samples; at += 1) await meter.sample();
  const { user, system } = process.cpuUsage(before);
  // Measured 0.2 ms; the bound leaves room for a machine that is slower and shared.
  expect((user + system) / samples / 1000, "milliseconds of processor time a sample").toBeLessThan(1.5);
});

test("the count of processes follows a /proc whose link count says nothing", () => {
  const count = processCounter("/proc/self/task");
  expect(count()).toBe(readdirSync("/proc/self/task").length);
});

test.each([
  ["root's reserve is no one's space", [100, 40, 30, 50, 20], [360_000, 240_000, 50, 30]],
  ["btrfs and vfat count no inodes", [100, 40, 40, 0, 0], [400_000, 240_000, -1, -1]],
  ["full below the reserve", [100, 5, -5, 50, 0], [380_000, 380_000, 50, 50]],
])("space of a disk: %s", (_, [blocks = 0, bfree = 0, bavail = 0, files = 0, ffree = 0], expected) => {
  const space = diskSpaceOf({ bsize: 4000, blocks, bfree, bavail, files, ffree });
  expect([space.totalBytes, space.usedBytes, space.inodesTotal, space.inodesUsed]).toEqual(expected);
});
