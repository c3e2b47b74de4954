/** From which figures on the checks complain, and what they say then. */
import { expect, test } from "vitest";
import type { Mount } from "../measure/proc/mounts.ts";
import { judgeChrony, judgeStep, judgeTimesyncd, stepBetween } from "./clock.ts";
import { type DiskUse, judgeDiskSpace, judgeInodes } from "./disks.ts";
import { foreseeFull, noteUse, type UseAt } from "./filling.ts";
import { degraded, type Finding, healthy, unhealthy, unknown, worst } from "./finding.ts";
import { judgeMemory } from "./memory.ts";
import { judgeOpenFiles } from "./open-files.ts";
import { judgePids, parseThreads } from "./pids.ts";
import { judgePressure } from "./pressure.ts";
import { judgeReadOnly, writableByTable } from "./read-only-disks.ts";

const percent = { degraded: 90, unhealthy: 97 };
const gib = 1024 ** 3;
const minuteMs = 60_000;
const told = ({ health, reason }: Finding) => (reason === "" ? health : `${health}: ${reason}`);

const disk = (usedShare: number, rest: Partial<DiskUse> = {}): DiskUse => ({
  mount: "/data",
  totalBytes: 100 * gib,
  usedBytes: usedShare * 100 * gib,
  inodesTotal: 1_000,
  inodesUsed: usedShare * 1_000,
  filling: null,
  ...rest,
});

test.each([
  [0, "healthy"],
  [0.8999, "healthy"],
  [0.9, "degraded: /data is 90 % full"],
  [0.9699, "degraded: /data is 96.9 % full"],
  [0.97, "unhealthy: /data is 97 % full"],
  [1.2, "unhealthy: /data is 100 % full"],
])("a disk of which %s is used is %s", (share, expected) => {
  expect(told(judgeDiskSpace(disk(share), { diskPercent: percent }))).toBe(expected);
});

test("a disk that soon is full is told of before it is", () => {
  const filling = { inMs: 90 * minuteMs, bytesPerMinute: 200 * 1024 ** 2 };
  expect(told(judgeDiskSpace(disk(0.8, { filling }), { diskPercent: percent }))).toBe(
    "degraded: /data is 80 % full and fills by 200 MiB a minute: it is full in 90 min",
  );
});

test("inodes are judged where the file system counts them", () => {
  const inodesPercent = percent;
  expect(told(judgeInodes(disk(0.95), { inodesPercent }))).toBe("degraded: 95 % of the 1000 inodes of /data are used");
  expect(judgeInodes(disk(0.95, { inodesTotal: -1, inodesUsed: -1 }), { inodesPercent })).toEqual(healthy);
});

/** One reading a minute. */
const growing = (usedGib: (minute: number) => number, minutes: number): readonly UseAt[] =>
  Array.from({ length: minutes + 1 }, (_, minute) => ({
    atMs: minute * minuteMs,
    usedBytes: usedGib(minute) * gib,
  })).reduce<readonly UseAt[]>(noteUse, []);

test.each([
  ["steady growth over 20 minutes", (minute: number) => 80 + minute * 0.25, 20, 60],
  ["growth for less than ten minutes", (minute: number) => 80 + minute * 0.25, 9, null],
  ["no growth", () => 85, 30, null],
  ["slow growth", (minute: number) => 80 + minute * 0.01, 30, null],
  ["growth that has ended", (minute: number) => 75 + Math.min(minute, 10), 30, null],
  ["growth of a disk with much room", (minute: number) => 20 + minute, 30, null],
  ["steady growth over hours, of which the last half hour counts", (minute: number) => 50 + minute * 0.25, 160, 40],
] as const)("foresees a full disk from %s", (_, usedGib, minutes, inMinutes) => {
  const uses = growing(usedGib, minutes);
  expect(uses.length, "readings that are kept").toBeLessThanOrEqual(31);
  const found = foreseeFull(uses, { totalBytes: 100 * gib, usedBytes: uses.at(-1)?.usedBytes ?? 0 });
  expect(found === null ? null : Math.round(found.inMs / minuteMs)).toBe(inMinutes);
});

test("readings that come faster are thinned out", () => {
  const every10s = Array.from({ length: 60 }, (_, at) => ({ atMs: at * 10_000, usedBytes: at }));
  expect(every10s.reduce<readonly UseAt[]>(noteUse, []).length).toBeLessThanOrEqual(15);
});

test.each([
  [0.5, 0, "healthy"],
  [0.5, 1, "healthy"],
  [0.9, 0, "degraded: 90 % of 1024 MiB memory is used, and 0 % of 512 MiB swap"],
  [0.9, 0.95, "unhealthy: 90 % of 1024 MiB memory is used, and 95 % of 512 MiB swap"],
  [0.98, 0, "unhealthy: 98 % of 1024 MiB memory is used, and 0 % of 512 MiB swap"],
])("memory of which %s, and swap of which %s is used, is %s", (used, swapUsed, expected) => {
  const use = { totalBytes: gib, usedBytes: used * gib, swapTotalBytes: gib / 2, swapUsedBytes: (swapUsed * gib) / 2 };
  expect(told(judgeMemory(use, percent))).toBe(expected);
});

test.each([
  ["1000\t0\t9223372036854775807\n", "healthy"],
  ["900\t0\t1000\n", "degraded: 900 files are open, 90 % of 1000"],
  ["990\t0\t1000\n", "unhealthy: 990 files are open, 99 % of 1000"],
  ["what?", 'unknown: file-nr says "what?"'],
])("file-nr of %j is %s", (fileNr, expected) => {
  expect(told(judgeOpenFiles(fileNr, percent))).toBe(expected);
});

test("threads are held against each limit, and the worst is told", () => {
  const uses = [
    { used: 900, limit: 32_768, limitName: "kernel.pid_max" },
    { used: 95, limit: 100, limitName: "/sys/fs/cgroup/box/pids.max" },
  ];
  expect(told(judgePids(uses, percent))).toBe("degraded: 95 threads, 95 % of /sys/fs/cgroup/box/pids.max (100)");
  expect(judgePids([], percent).health).toBe("unknown");
  expect(parseThreads("0.10 0.20 0.30 2/345 6789\n")).toBe(345);
  expect(() => parseThreads("nonsense")).toThrow("should tell the threads");
});

test("pressure is the time in which all waited, not some", () => {
  const text = (full: number) =>
    `some avg10=99.00 avg60=99.00 avg300=9 total=1\nfull avg10=0.00 avg60=${full} avg300=0.00 total=1\n`;
  expect(judgePressure(text(3.1), "io", percent)).toEqual(healthy);
  expect(told(judgePressure(text(91.25), "io", percent))).toBe(
    "degraded: for 91.2 % of the last minute nothing could go on but waited for disks",
  );
  expect(judgePressure(null, "memory", percent).health).toBe("unknown");
  expect(() => judgePressure("nonsense", "io", percent)).toThrow("pressure should say");
});

test("a disk is read-only by mistake when it was writable, or should be", () => {
  const mount = (options: string): Mount => ({
    deviceNumber: "8:1",
    root: "/",
    mount: "/data",
    type: "ext4",
    source: "/dev/sda1",
    superOptions: options.split(","),
  });
  const writable = new Set(["/data"]);
  expect(judgeReadOnly([mount("rw,errors=remount-ro")], writable)).toEqual(healthy);
  expect(judgeReadOnly([mount("ro")], new Set())).toEqual(healthy);
  for (const options of ["ro,relatime", "rw,emergency_ro", "rw,shutdown"]) {
    expect(told(judgeReadOnly([mount(options)], writable)), options).toBe(
      "unhealthy: read-only though mounted for writing: /data (/dev/sda1)",
    );
  }
  const fstab = "# a comment\nUUID=1 / ext4 defaults 0 1\n/dev/sdb1 /archive xfs ro,noatime 0 2\n\n";
  expect(writableByTable(fstab)).toEqual(["/"]);
});

test.each([
  ["0.000012", "Normal", "healthy"],
  ["-0.150", "Normal", "degraded: the clock is off by 150 ms, says chronyd"],
  ["3600.5", "Normal", "unhealthy: the clock is off by 3600500 ms, says chronyd"],
  ["0.0", "Not synchronised", "degraded: chronyd has not synchronised the clock"],
])("chronyd's offset of %s s, %s, is %s", (offset, leap, expected) => {
  const csv = `A29FC87B,ntp.example,3,1700000000.1,${offset},0.0,0.1,-1.2,0.0,0.03,0.02,0.001,64.5,${leap}\n`;
  expect(told(judgeChrony(csv))).toBe(expected);
});

test("what a time service says is not believed beyond its sense", () => {
  expect(told(judgeChrony("506 Cannot talk to daemon"))).toBe('unknown: chronyc says "506 Cannot talk to daemon"');
  const nowMs = 1e12;
  expect(judgeTimesyncd(nowMs - 2_000_000, nowMs)).toEqual(healthy);
  expect(told(judgeTimesyncd(nowMs - 5 * 3_600_000, nowMs))).toBe(
    "degraded: systemd-timesyncd has not synchronised the clock for 5 h",
  );
  expect(judgeTimesyncd(null, nowMs).health).toBe("degraded");
});

test("a clock that was set is told of for a while", () => {
  const before = { wallMs: 1e12, steadyMs: 1_000 };
  expect(stepBetween(before, { wallMs: 1e12 + 60_200, steadyMs: 61_000 })).toBeNull();
  const step = stepBetween(before, { wallMs: 1e12 + 60_000 - 3_600_000, steadyMs: 61_000 });
  expect(told(judgeStep(step, 61_000))).toBe("degraded: the clock was set back by 3600.0 s, 0 min ago");
  expect(judgeStep(step, 61_000 + 10 * minuteMs)).toEqual(healthy);
});

test("of several findings the worst counts, with its like", () => {
  expect(worst([])).toEqual(healthy);
  expect(worst([healthy, unknown("no idea"), healthy]).health).toBe("unknown");
  expect(worst([degraded("a", "do"), unhealthy("b", "run"), healthy])).toEqual(unhealthy("b", "run"));
  const many = ["a", "b", "c", "d", "e", "f"].map((reason) => degraded(reason, "do"));
  expect(worst(many)).toEqual(degraded("a; b; c; d; and 2 more", "do"));
});
