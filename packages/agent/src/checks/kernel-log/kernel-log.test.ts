/** What the kernel's log tells, from lines as kernels write them. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { judgeKernelLog, kernelCheckRules } from "./judge-kernel-log.ts";
import { parseKernelLines } from "./kernel-lines.ts";
import { kernelLogChecks } from "./kernel-log.ts";
import { KernelLogReader } from "./kernel-log-reader.ts";
import { type KernelCheck, troubleIn } from "./troubles.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-kernel-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const minuteMs = 60_000;

test.each<readonly [string, KernelCheck | null, "grave" | "light" | ""]>([
  ["Out of memory: Killed process 4711 (python3) total-vm:9GB, anon-rss:8GB", "kernel-oom", "light"],
  ["Memory cgroup out of memory: Killed process 4711 (python3) total-vm:9GB", null, ""],
  ["watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [kworker/3:1:77]", "kernel-lockup", "grave"],
  ["NMI watchdog: Watchdog detected hard LOCKUP on cpu 5", "kernel-lockup", "grave"],
  ["INFO: task jbd2/sda1-8:312 blocked for more than 120 seconds.", "kernel-lockup", "light"],
  ["rcu: INFO: rcu_preempt self-detected stall on CPU", "kernel-lockup", "light"],
  ["blk_update_request: I/O error, dev sdb, sector 2048 op 0x0:(READ)", "kernel-io", "light"],
  ["critical medium error, dev nvme0n1, sector 99 op 0x0:(READ) flags 0x80700", "kernel-io", "light"],
  ["Buffer I/O error on dev dm-3, logical block 0, async page read", "kernel-io", "light"],
  ["I/O error, dev sr0, sector 0 op 0x0:(READ)", null, ""],
  ["I/O error, dev fd0, sector 0 op 0x0:(READ)", null, ""],
  ["EXT4-fs error (device sda1): ext4_lookup:1855: inode #2: comm ls: deleted inode", "kernel-file-system", "grave"],
  ["EXT4-fs (sda1): Remounting filesystem read-only", "kernel-file-system", "grave"],
  ["EXT4-fs (sda1): mounted filesystem 0a1b r/w with ordered data mode.", null, ""],
  [
    "XFS (dm-0): Corruption of in-memory data (0x8) detected.  Shutting down filesystem.",
    "kernel-file-system",
    "grave",
  ],
  ["XFS (dm-0): Mounting V5 Filesystem", null, ""],
  ["BTRFS error (device sdc1): bad tree block start, want 1 have 0", "kernel-file-system", "grave"],
  ["BTRFS: error (device sda1) in btrfs_commit_transaction:2418: errno=-5 IO failure", "kernel-file-system", "grave"],
  ["EXT4-fs error (device loop3): ext4_lookup:1855: inode #2: comm ls: deleted inode", null, ""],
  ["EXT4-fs (loop3): Remounting filesystem read-only", null, ""],
  ["XFS (loop3): Corruption of in-memory data (0x8) detected.  Shutting down filesystem.", null, ""],
  ["BTRFS error (device loop3): bad tree block start, want 1 have 0", null, ""],
  ["BTRFS info (device sdc1): using crc32c", null, ""],
  ["mce: [Hardware Error]: Machine check events logged", "kernel-machine-check", "light"],
  ["{1}[Hardware Error]: event severity: fatal", "kernel-machine-check", "grave"],
  ["EDAC MC0: 1 CE memory read error on CPU_SrcID#0", "kernel-machine-check", "light"],
  ["EDAC MC0: 1 UE memory read error on CPU_SrcID#0", "kernel-machine-check", "grave"],
  ["NVRM: Xid (PCI:0000:3b:00): 79, pid='<unknown>', GPU has fallen off the bus.", "kernel-gpu", "grave"],
  ["NVRM: Xid (PCI:0000:3b:00): 63, pid=123, Row Remapper", "kernel-gpu", "light"],
  ["NVRM: Xid (PCI:0000:3b:00): 31, pid=123, name=python, MMU Fault", null, ""],
  ["NVRM: Xid (PCI:0000:3b:00): 13, Graphics SM Warp Exception", null, ""],
  ["switch: port 3(port3) entered disabled state", null, ""],
])("%s", (text, check, weight) => {
  expect(troubleIn(text)).toEqual(check === null ? null : { check, grave: weight === "grave" });
});

test("records become lines; what programs wrote into the log does not", () => {
  const records = [
    "3,339,5140900,-;I/O error, dev sda, sector 1",
    " SUBSYSTEM=block",
    " DEVICE=b8:0",
    "11,340,5140901,-;Out of memory: Killed process 1 (forged)",
    "6,341,5150900,c;a; b",
    "garbage",
  ].join("\n");
  expect(parseKernelLines(records)).toEqual([
    { atMs: 5140, text: "I/O error, dev sda, sector 1" },
    { atMs: 5150, text: "a; b" },
  ]);
});

test("a finding stays for its time, and many light ones are grave", () => {
  const rule = kernelCheckRules["kernel-oom"];
  const kill = (atMs: number) => ({ atMs, grave: false, text: "Out of memory: Killed process 7 (x)" });
  const judge = (atMs: readonly number[], nowMs: number) => judgeKernelLog(atMs.map(kill), rule, nowMs);
  expect(judge([0], 9 * minuteMs)).toMatchObject({
    health: "degraded",
    reason: "once in 10 min, last: Out of memory: Killed process 7 (x)",
  });
  expect(judge([0], 10 * minuteMs).health).toBe("healthy");
  expect(judge([0, 1, 2], minuteMs)).toMatchObject({ health: "unhealthy", reason: expect.stringContaining("3 times") });
  const fault = { atMs: 0, grave: true, text: "EXT4-fs error" };
  const aYearMs = 365 * 24 * 60 * minuteMs;
  expect(judgeKernelLog([fault], kernelCheckRules["kernel-file-system"], aYearMs).health).toBe("unhealthy");
});

test("a log is followed as it grows, and each line is judged once", async () => {
  const path = join(folder, "kmsg");
  writeFileSync(path, "6,1,1000,-;booting\n");
  const checks = kernelLogChecks(path, () => minuteMs);
  const io = async () => (await checks.look()).get("kernel-io");
  expect(await io()).toMatchObject({ health: "healthy" });
  appendFileSync(path, "3,2,2000000,-;I/O error, dev sda, sector 1\n DEVICE=b8:0\n");
  expect(await io()).toMatchObject({ health: "degraded", reason: expect.stringMatching(/^once in 60 min, .*dev sda/) });
  expect(await io(), "the same line again").toMatchObject({ reason: expect.stringMatching(/^once /) });
  const flood = Array.from({ length: 500 }, (_, at) => `3,${at + 3},3000000,-;I/O error, dev sda, sector ${at}\n`);
  appendFileSync(path, flood.join(""));
  expect(await io()).toMatchObject({ health: "unhealthy", reason: expect.stringMatching(/^at least 100 times/) });
  checks.close?.();
});

test("a log that may not be read is unknown, and says what would help", async () => {
  const missing = kernelLogChecks(join(folder, "none"));
  expect((await missing.look()).get("kernel-oom")).toMatchObject({
    health: "unknown",
    reason: expect.stringContaining("no kernel log"),
  });
});

test("this machine's own log is read to its end without waiting, if it may be", () => {
  const reader = new KernelLogReader();
  try {
    let lines = 0;
    for (let pieces = 0; pieces < 1_000; pieces++) {
      const { lines: found, more } = reader.read(1_000);
      lines += found.length;
      if (!more) break;
    }
    const { lines: after, more } = reader.read(1);
    expect({ few: after.length <= 1, more: more && after.length === 0 }).toEqual({ few: true, more: false });
    expect(lines, "lines of the kernel").toBeGreaterThanOrEqual(0);
  } catch (error) {
    const restricted = readFileSync("/proc/sys/kernel/dmesg_restrict", "utf8").trim();
    expect(["EPERM", "EACCES", "ENOENT"], `dmesg_restrict is ${restricted}`).toContain(
      (error as NodeJS.ErrnoException).code,
    );
  } finally {
    reader.close();
  }
});
