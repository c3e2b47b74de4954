/** Memory and swap that are nearly used up; under a cgroup's limit the limit's memory. */
import { readFileSync } from "node:fs";
import type { Percentages } from "@holdfast/shared/config/check-settings.ts";
import { type CgroupLimits, parseReclaimableBytes } from "../measure/cgroup-limits.ts";
import { parseMemory } from "../measure/proc/memory.ts";
import { type CheckGroup, type Finding, unhealthy } from "./finding.ts";
import { judgeShare } from "./share.ts";

export interface MemoryUse {
  readonly totalBytes: number;
  /** What the kernel would give back at once is not counted. */
  readonly usedBytes: number;
  readonly swapTotalBytes: number;
  readonly swapUsedBytes: number;
}

const action = "see who takes it (`ps aux --sort=-rss | head`); give tasks memory limits, or move tasks away";
const fullSwap = 0.95;

/**
 * A full swap alone is no trouble: what lies in it may not have been needed for weeks. With short memory it means that
 * nothing is left to give way.
 */
export function judgeMemory(use: MemoryUse, percent: Percentages): Finding {
  const { totalBytes, usedBytes, swapTotalBytes, swapUsedBytes } = use;
  const swapShare = swapTotalBytes > 0 ? swapUsedBytes / swapTotalBytes : 0;
  const swap = swapTotalBytes > 0 ? `, and ${Math.round(swapShare * 100)} % of ${mebibytes(swapTotalBytes)} swap` : "";
  const finding = judgeShare(
    usedBytes / totalBytes,
    percent,
    (shown) => `${shown} of ${mebibytes(totalBytes)} memory is used${swap}`,
    action,
  );
  return finding.health === "degraded" && swapShare >= fullSwap ? unhealthy(finding.reason, action) : finding;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}

export function readMemoryUse(limit: CgroupLimits["memory"], read = (path: string) => readFileSync(path, "utf8")) {
  const memory = parseMemory(read("/proc/meminfo"));
  if (limit === undefined || limit.limit >= memory.totalBytes) return memory;
  const reclaimable = parseReclaimableBytes(read(limit.statisticsPath), limit.version);
  const usedBytes = Math.max(0, Number(read(limit.usagePath)) - reclaimable);
  return { ...memory, totalBytes: limit.limit, usedBytes };
}

export function memoryCheck(percent: Percentages, cgroup: CgroupLimits): CheckGroup {
  return {
    sensor: "memory use",
    names: ["memory"],
    everyMs: 15_000,
    slowAfterMs: 500,
    look: () => new Map([["memory", judgeMemory(readMemoryUse(cgroup.memory), percent)]]),
  };
}
