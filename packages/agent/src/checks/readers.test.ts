/** What the checks read, from this machine and from files as other machines have them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findCgroupPidsLimit } from "../measure/cgroup-limits.ts";
import { type ClockSources, clockCheck } from "./clock.ts";
import { readMemoryUse } from "./memory.ts";
import { openFilesCheck } from "./open-files.ts";
import { readPidUses } from "./pids.ts";
import { pressureChecks } from "./pressure.ts";
import { readOnlyDisksCheck } from "./read-only-disks.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-checks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const percent = { degraded: 90, unhealthy: 97 };

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a disk that goes read-only while it is watched is found", async () => {
  const line = (options: string) => `36 35 98:0 / /data rw,noatime shared:1 - ext4 /dev/sdb1 ${options}\n`;
  const fstab = file("fstab", "");
  const check = readOnlyDisksCheck({ mountinfo: file("mountinfo", line("rw,errors=remount-ro")), fstab });
  const health = async () => (await check.look()).get("read-only-disks")?.health;
  expect(await health()).toBe("healthy");
  file("mountinfo", line("ro,errors=remount-ro"));
  expect(await health()).toBe("unhealthy");
  file("mountinfo", line("rw,errors=remount-ro"));
  expect(await health()).toBe("healthy");
});

test("a disk that is read-only from the start is found by the table of file systems", async () => {
  const mountinfo = file("mountinfo-2", "36 35 98:0 / /data ro - ext4 /dev/sdb1 ro\n");
  const withTable = async (line: string) =>
    (await readOnlyDisksCheck({ mountinfo, fstab: file("fstab-2", line) }).look()).get("read-only-disks")?.health;
  expect(await withTable("/dev/sdb1 /data ext4 defaults 0 2\n")).toBe("unhealthy");
  expect(await withTable("/dev/sdb1 /data ext4 ro 0 2\n")).toBe("healthy");
});

test("open files are those of this machine", async () => {
  const [, , max] = readFileSync("/proc/sys/fs/file-nr", "utf8").trim().split(/\s+/);
  expect(Number(max)).toBeGreaterThan(0);
  expect((await openFilesCheck(percent).look()).get("open-files")?.health).toBe("healthy");
});

test("pressure is unknown where the kernel does not tell", async () => {
  const thresholds = { memoryPressurePercent: percent, ioPressurePercent: percent };
  mkdirSync(join(folder, "pressure"));
  file(
    "pressure/memory",
    "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=0 avg60=98.00 avg300=0 total=0\n",
  );
  const found = await pressureChecks(thresholds, join(folder, "pressure")).look();
  expect(found.get("memory-pressure")?.health).toBe("unhealthy");
  expect(found.get("io-pressure")).toMatchObject({ health: "unknown", suggestedAction: "boot it with psi=1" });
});

test("threads are counted against the kernel's limits and the tightest cgroup's", () => {
  const texts: Readonly<Record<string, string>> = {
    "/proc/self/mountinfo": "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
    "/proc/self/cgroup": "0::/system.slice/holdfast.service\n",
    "/sys/fs/cgroup/system.slice/holdfast.service/pids.max": "max\n",
    "/sys/fs/cgroup/system.slice/pids.max": "500\n",
    "/sys/fs/cgroup/system.slice/pids.current": "480\n",
    "/proc/loadavg": "0.00 0.00 0.00 1/600 99\n",
    "/proc/sys/kernel/pid_max": "32768\n",
    "/proc/sys/kernel/threads-max": "60000\n",
  };
  const read = (path: string) => texts[path];
  expect(readPidUses(read, findCgroupPidsLimit(read))).toEqual([
    { used: 600, limit: 32_768, limitName: "kernel.pid_max" },
    { used: 600, limit: 60_000, limitName: "kernel.threads-max" },
    { used: 480, limit: 500, limitName: "/sys/fs/cgroup/system.slice/pids.max" },
  ]);
});

test("under a cgroup's limit the limit is the memory, less what the kernel would give back", () => {
  const mebibyte = 1024 ** 2;
  const texts: Readonly<Record<string, string>> = {
    "/proc/meminfo": "MemTotal: 1048576 kB\nMemAvailable: 524288 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n",
    "/box/memory.current": `${200 * mebibyte}\n`,
    "/box/memory.stat": `anon 1\ninactive_file ${50 * mebibyte}\n`,
  };
  const read = (path: string) => texts[path] ?? "";
  const limit = { usagePath: "/box/memory.current", statisticsPath: "/box/memory.stat", version: 2 } as const;
  const inBox = readMemoryUse({ ...limit, limit: 256 * mebibyte }, read);
  expect(inBox).toMatchObject({ totalBytes: 256 * mebibyte, usedBytes: 150 * mebibyte });
  const roomy = readMemoryUse({ ...limit, limit: 2048 * mebibyte }, read);
  expect(roomy).toMatchObject({ totalBytes: 1024 * mebibyte, usedBytes: 512 * mebibyte });
});

test("the clock is judged by whichever time service there is", async () => {
  const none: ClockSources = { chronyTraces: [], chronyCommand: "/no/chronyc", timesyncFolder: join(folder, "none") };
  const nowMs = Date.now();
  const found = async (sources: Partial<ClockSources>) =>
    (await clockCheck(() => ({ wallMs: nowMs, steadyMs: 0 }), { ...none, ...sources }).look()).get("clock");
  expect(await found({})).toMatchObject({ health: "unknown", suggestedAction: "run chronyd or systemd-timesyncd" });

  const timesyncFolder = join(folder, "timesync");
  mkdirSync(timesyncFolder);
  expect(await found({ timesyncFolder })).toMatchObject({ health: "degraded" });
  const synchronised = file("timesync/synchronized", "");
  expect(await found({ timesyncFolder })).toMatchObject({ health: "healthy" });
  utimesSync(synchronised, nowMs / 1_000, nowMs / 1_000 - 4 * 3_600);
  expect(await found({ timesyncFolder })).toMatchObject({ reason: expect.stringContaining("for 4 h") });

  const chronyCommand = join(folder, "chronyc");
  writeFileSync(chronyCommand, "#!/bin/sh\necho A,b,3,1.1,-0.250,0,0,0,0,0,0,0,64,Normal\n", { mode: 0o755 });
  const chronyTraces = [folder];
  expect(await found({ chronyTraces, chronyCommand })).toMatchObject({
    health: "degraded",
    reason: "the clock is off by 250 ms, says chronyd",
  });
  expect(await found({ chronyTraces })).toMatchObject({ health: "unknown", reason: expect.stringContaining("ENOENT") });
});
