import { describe, expect, test } from "vitest";
import { findCgroupLimits, parseAllowedCores, parseCgroupCpuUsed, parseReclaimableBytes } from "./cgroup-limits.ts";

/** Reads from a machine that has only these files. */
const machine = (files: Readonly<Record<string, string>>) => (path: string) => files[path];

const version2 = "31 24 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n";

describe("version 2", () => {
  test("a service under systemd: the tightest limit of it and its ancestors", () => {
    const read = machine({
      "/proc/self/mountinfo": version2,
      "/proc/self/cgroup": "0::/system.slice/holdfast-agent.service\n",
      "/sys/fs/cgroup/system.slice/holdfast-agent.service/memory.max": "max\n",
      "/sys/fs/cgroup/system.slice/holdfast-agent.service/cpu.max": "150000 100000\n",
      "/sys/fs/cgroup/system.slice/memory.max": "4294967296\n",
      "/sys/fs/cgroup/system.slice/cpu.max": "max 100000\n",
    });
    expect(findCgroupLimits(read)).toEqual({
      memory: {
        limit: 4294967296,
        usagePath: "/sys/fs/cgroup/system.slice/memory.current",
        statisticsPath: "/sys/fs/cgroup/system.slice/memory.stat",
        version: 2,
      },
      cpu: { limit: 1500, usagePath: "/sys/fs/cgroup/system.slice/holdfast-agent.service/cpu.stat", version: 2 },
    });
  });

  test("a container with a cgroup namespace, whose limits stand at the root that it sees", () => {
    const read = machine({
      "/proc/self/mountinfo": version2,
      "/proc/self/cgroup": "0::/\n",
      "/sys/fs/cgroup/memory.max": "536870912\n",
      "/sys/fs/cgroup/cpu.max": "50000 100000\n",
    });
    expect(findCgroupLimits(read)).toMatchObject({ memory: { limit: 536870912 }, cpu: { limit: 500 } });
  });
});

describe("version 1", () => {
  const mounts =
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n" +
    "35 31 0:32 /docker/ab12 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";

  test("a container without a cgroup namespace: the mounted part of the tree is cut off the path", () => {
    const read = machine({
      "/proc/self/mountinfo": mounts,
      "/proc/self/cgroup": "4:memory:/docker/ab12\n2:cpu,cpuacct:/docker/ab12\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824\n",
      "/sys/fs/cgroup/cpu,cpuacct/docker/ab12/cpu.cfs_quota_us": "200000\n",
      "/sys/fs/cgroup/cpu,cpuacct/docker/ab12/cpu.cfs_period_us": "100000\n",
    });
    expect(findCgroupLimits(read)).toMatchObject({
      memory: { limit: 1073741824, usagePath: "/sys/fs/cgroup/memory/memory.usage_in_bytes", version: 1 },
      cpu: { limit: 2000, usagePath: "/sys/fs/cgroup/cpu,cpuacct/docker/ab12/cpuacct.usage", version: 1 },
    });
  });

  test("no limit is told by a huge number and by -1", () => {
    const read = machine({
      "/proc/self/mountinfo": mounts,
      "/proc/self/cgroup": "4:memory:/docker/ab12\n2:cpu,cpuacct:/\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    });
    expect(findCgroupLimits(read)).toEqual({});
  });
});

test("a machine without cgroups has no limits", () => expect(findCgroupLimits(machine({}))).toEqual({}));

test.each([
  ["Cpus_allowed:\t3\nCpus_allowed_list:\t0-1\n", 2],
  ["Cpus_allowed_list:\t0,2-4,9\n", 5],
  ["Cpus_allowed_list:\t7\n", 1],
  ["Cpus_allowed_list:\tx\n", undefined],
  ["", undefined],
])("allowed cores of %j", (text, cores) => expect(parseAllowedCores(text)).toBe(cores));

test("processor time of a cgroup is microseconds in both versions", () => {
  expect(parseCgroupCpuUsed("usage_usec 81048236\nuser_usec 5\nsystem_usec 6\n", 2)).toBe(81048236);
  expect(parseCgroupCpuUsed("81048236068\n", 1)).toBeCloseTo(81048236.068);
  expect(() => parseCgroupCpuUsed("nr_periods 0\n", 2)).toThrow(/should tell its processor time/);
  expect(() => parseCgroupCpuUsed("", 1)).toThrow(/should tell its processor time/);
});

test("page cache that can be given back is that of the whole subtree", () => {
  expect(parseReclaimableBytes("anon 5\ninactive_anon 1\ninactive_file 675840\n", 2)).toBe(675840);
  expect(parseReclaimableBytes("inactive_file 1\ntotal_inactive_file 675840\n", 1)).toBe(675840);
  expect(parseReclaimableBytes("", 2)).toBe(0);
});
