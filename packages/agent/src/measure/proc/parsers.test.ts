/** The parsers of /proc as tables: real text of several kernels, and what must not confuse them. */
import { describe, expect, test } from "vitest";
import { parseCpuTimes } from "./cpu-times.ts";
import { parseDiskTraffic } from "./disk-traffic.ts";
import { parseInterfaceTraffic } from "./interface-traffic.ts";
import { parseLoadAverages } from "./load.ts";
import { parseMemory } from "./memory.ts";
import { parsePressure } from "./pressure.ts";

describe("/proc/stat", () => {
  test.each([
    ["Linux 6", "cpu  4592 10 2185 193861 290 7 43 29 5 0\ncpu0 1 2 3", { used: 6866, total: 201017 }],
    ["Linux 2.4, without iowait and later columns", "cpu  100 20 30 400\n", { used: 150, total: 550 }],
    ["cut off after its first line", "cpu  1 0 0 9 0 0 0 0 0 0", { used: 1, total: 10 }],
  ])("%s", (_, text, times) => expect(parseCpuTimes(text)).toEqual(times));

  test.each(["", "intr 5 6 7 8 9", "cpu  1 2 3", "cpu  1 2 x 4", "cpu0 1 2 3 4"])("refuses %j", (text) =>
    expect(() => parseCpuTimes(text)).toThrow(/\/proc\/stat should begin/),
  );
});

describe("/proc/loadavg", () => {
  test("gives the three averages", () =>
    expect(parseLoadAverages("0.04 12.05 0.40 1/92 6534\n")).toEqual({ load1: 0.04, load5: 12.05, load15: 0.4 }));

  test.each(["", "0.04 0.05", "a b c", "-1 0 0"])("refuses %j", (text) =>
    expect(() => parseLoadAverages(text)).toThrow(/\/proc\/loadavg should begin/),
  );
});

describe("/proc/meminfo", () => {
  const kibibyte = 1024;

  test("takes MemAvailable as the kernel says it", () => {
    const text =
      "MemTotal:       24684092 kB\nMemFree:        24386540 kB\nMemAvailable:   24364688 kB\nBuffers:            1128 kB\n" +
      "SwapCached:            0 kB\nSwapTotal:       2097148 kB\nSwapFree:        2097000 kB\n";
    expect(parseMemory(text)).toEqual({
      totalBytes: 24684092 * kibibyte,
      availableBytes: 24364688 * kibibyte,
      usedBytes: 319404 * kibibyte,
      swapTotalBytes: 2097148 * kibibyte,
      swapUsedBytes: 148 * kibibyte,
    });
  });

  test("estimates what is available on kernels that do not say it", () => {
    const text =
      "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 300 kB\nShmem: 200 kB\nSReclaimable: 40 kB\n";
    expect(parseMemory(text)).toMatchObject({ availableBytes: 290 * kibibyte, usedBytes: 710 * kibibyte });
  });

  test("has no swap where none is told, and never more available than there is", () => {
    expect(parseMemory("MemTotal: 1000 kB\nMemAvailable: 1200 kB\n")).toEqual({
      totalBytes: 1000 * kibibyte,
      availableBytes: 1000 * kibibyte,
      usedBytes: 0,
      swapTotalBytes: 0,
      swapUsedBytes: 0,
    });
  });

  test.each(["", "MemFree: 5 kB\n", "MemTotal: many kB\n", "xMemTotal: 5 kB\n"])("refuses %j", (text) =>
    expect(() => parseMemory(text)).toThrow(/should contain MemTotal/),
  );
});

describe("/proc/pressure", () => {
  test.each([
    [
      "Linux 6",
      "some avg10=12.50 avg60=0.19 avg300=0.45 total=9491030\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
      0.125,
    ],
    ["cpu before Linux 5.13, without full", "some avg10=0.24 avg60=0.10 avg300=0.07 total=2508732\n", 0.0024],
    ["above the whole", "some avg10=100.30 avg60=0 avg300=0 total=1\n", 1],
  ])("%s", (_, text, fraction) => expect(parsePressure(text)).toBeCloseTo(fraction, 10));

  test.each(["", "full avg10=1.00 avg60=0 avg300=0 total=0\n", "some avg10= avg60=1"])("refuses %j", (text) =>
    expect(() => parsePressure(text)).toThrow(/pressure should say/),
  );
});

describe("/proc/diskstats", () => {
  test("reads sectors of 512 bytes, with and without the columns of newer kernels", () => {
    const text =
      " 254       0 vda 31092 7939 2616754 8849 2810 18248 1458864 2795 0 4056 11903 3368 20 87552 246 195 12\n" +
      "   8       1 sda1 10 0 100 7 20 0 200 9 0 16 16\n";
    expect([...parseDiskTraffic(text)]).toEqual([
      ["254:0", { name: "vda", readBytes: 2616754 * 512, writtenBytes: 1458864 * 512, busyMs: 4056 }],
      ["8:1", { name: "sda1", readBytes: 51_200, writtenBytes: 102_400, busyMs: 16 }],
    ]);
  });

  test("leaves out partitions of old kernels, which have four counters, and lines that are damaged", () => {
    const text = "   8    1 sda1 10 100 20 200\n\n   8\n   8 2 sda2 a b c d e f g h i j k\n";
    expect(parseDiskTraffic(text).size).toBe(0);
  });
});

describe("/proc/net/dev", () => {
  const header =
    "Inter-|   Receive                                                |  Transmit\n" +
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";

  test("adds received and sent errors and drops", () => {
    const text = `${header}  eth0: 300504525    7579    1    2    0     0          0         0   455181    4462    3    4    0     0       0          0\n`;
    expect(parseInterfaceTraffic(text)).toEqual([
      { name: "eth0", receivedBytes: 300504525, sentBytes: 455181, errors: 4, drops: 6 },
    ]);
  });

  test("reads lines of old kernels without a space, and names with a colon", () => {
    const counters = "7 0 0 0 0 0 0 0 8 0 0 0 0 0 0 0";
    const names = parseInterfaceTraffic(`${header}eth0:${counters}\n eth0:1: ${counters}\n`).map(({ name }) => name);
    expect(names).toEqual(["eth0", "eth0:1"]);
  });

  test("keeps links and leaves out the loopback and what carries the same bytes again", () => {
    const counters = "1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0";
    const kept = ["eth0", "enp3s0", "wlan0", "bond0", "ib0", "wg0", "eth0.100", "br0"];
    const skipped = ["lo", "veth12ab", "docker0", "br-1f2e3d4c5b6a", "virbr0", "cali0123", "cni0", "ifb0", "tunl0"];
    const text = header + [...kept, ...skipped].map((name) => `${name}: ${counters}\n`).join("");
    expect(parseInterfaceTraffic(text).map(({ name }) => name)).toEqual(kept);
  });

  test("leaves out lines that are damaged", () =>
    expect(parseInterfaceTraffic(`${header} eth0: 1 2 3\n eth1: a b c d e f g h i j k l m n o p\n:\n`)).toEqual([]));
});
