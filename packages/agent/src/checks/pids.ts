/** Threads against what the kernel and this node's cgroup allow. Each thread takes a pid. */
import { readFileSync } from "node:fs";
import type { Percentages } from "@holdfast/shared/config/check-settings.ts";
import { type CgroupLimit, findCgroupPidsLimit, type ReadText } from "../measure/cgroup-limits.ts";
import { type CheckGroup, type Finding, unknown, worst } from "./finding.ts";
import { judgeShare } from "./share.ts";

const action = "find who starts them (`ps -eLo pid,comm | sort | uniq -c | sort -n`), or raise the limit";

export interface PidUse {
  readonly used: number;
  readonly limit: number;
  /** `kernel.pid_max`. */
  readonly limitName: string;
}

export function judgePids(uses: readonly PidUse[], percent: Percentages): Finding {
  if (uses.length === 0) return unknown("neither the kernel nor a cgroup tells a limit");
  return worst(
    uses.map(({ used, limit, limitName }) =>
      judgeShare(used / limit, percent, (shown) => `${used} threads, ${shown} of ${limitName} (${limit})`, action),
    ),
  );
}

/** Threads of the machine, from the fourth field of /proc/loadavg (`2/345`). */
export function parseThreads(loadavg: string): number {
  const threads = Number(/^\S+ \S+ \S+ \d+\/(\d+)/.exec(loadavg)?.[1] ?? Number.NaN);
  if (Number.isNaN(threads)) throw new Error(`/proc/loadavg should tell the threads, not "${loadavg.slice(0, 80)}"`);
  return threads;
}

export function readPidUses(read: ReadText, cgroup: CgroupLimit | undefined): PidUse[] {
  const threads = parseThreads(read("/proc/loadavg") ?? "");
  const uses = ["pid_max", "threads-max"].map((name) => ({
    used: threads,
    limit: Number(read(`/proc/sys/kernel/${name}`) ?? Number.NaN),
    limitName: `kernel.${name}`,
  }));
  if (cgroup !== undefined) {
    const used = Number(read(cgroup.usagePath) ?? Number.NaN);
    uses.push({ used, limit: cgroup.limit, limitName: cgroup.usagePath.replace(/current$/, "max") });
  }
  return uses.filter(({ used, limit }) => used >= 0 && limit > 0);
}

export function pidsCheck(percent: Percentages, read: ReadText = textIfPresent): CheckGroup {
  // Limits of cgroups are set by whoever starts the agent, and stay.
  let cgroup: CgroupLimit | undefined | null = null;
  return {
    sensor: "pids",
    names: ["pids"],
    everyMs: 30_000,
    slowAfterMs: 500,
    look() {
      if (cgroup === null) cgroup = findCgroupPidsLimit(read);
      return new Map([["pids", judgePids(readPidUses(read, cgroup), percent)]]);
    },
  };
}

function textIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "EACCES", "EPERM", "ENODEV"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
