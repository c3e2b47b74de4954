/**
 * The limits that cgroups set on this process, and therefore on the node: in a container or under systemd's MemoryMax
 * and CPUQuota, the machine is larger than what tasks can have.
 *
 * Versions 1 and 2 are understood, also side by side. A limit may stand on any ancestor, so all of them are looked at up
 * to the topmost one that is mounted here, and the tightest counts.
 */
import { type Mount, parseMounts } from "./proc/mounts.ts";

/** A limit, and the file that tells how much of it is used. */
export interface CgroupLimit {
  readonly limit: number;
  readonly usagePath: string;
  readonly version: 1 | 2;
}

export interface CgroupMemoryLimit extends CgroupLimit {
  /** Names what of the usage the kernel would give back. */
  readonly statisticsPath: string;
}

export interface CgroupLimits {
  /** Bytes. */
  readonly memory?: CgroupMemoryLimit;
  /** Thousandths of a core. */
  readonly cpu?: CgroupLimit;
  /** Cores that this process may run on, where that is told. */
  readonly allowedCores?: number;
}

/** The text of a file, or undefined when it is not there. */
export type ReadText = (path: string) => string | undefined;

export function findCgroupLimits(read: ReadText): CgroupLimits {
  const mounts = parseMounts(read("/proc/self/mountinfo") ?? "");
  const membership = read("/proc/self/cgroup") ?? "";
  const memory = tightest([
    ...foldersOf("memory", mounts, membership).map((folder) => memoryLimitVersion1(folder, read)),
    ...foldersOf("", mounts, membership).map((folder) => memoryLimitVersion2(folder, read)),
  ]);
  const cpu = tightest([
    ...foldersOf("cpu", mounts, membership).map((folder) => cpuLimitVersion1(folder, mounts, membership, read)),
    ...foldersOf("", mounts, membership).map((folder) => cpuLimitVersion2(folder, read)),
  ]);
  const allowedCores = parseAllowedCores(read("/proc/self/status") ?? "");
  return {
    ...(memory === undefined ? {} : { memory }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(allowedCores === undefined ? {} : { allowedCores }),
  };
}

/** How many processes and threads this process's cgroup and its ancestors may hold; undefined where nothing limits them. */
export function findCgroupPidsLimit(read: ReadText): CgroupLimit | undefined {
  const mounts = parseMounts(read("/proc/self/mountinfo") ?? "");
  const membership = read("/proc/self/cgroup") ?? "";
  const limitIn = (folder: string, version: 1 | 2): CgroupLimit | undefined => {
    const limit = positive(read(`${folder}/pids.max`));
    return limit === undefined ? undefined : { limit, usagePath: `${folder}/pids.current`, version };
  };
  return tightest([
    ...foldersOf("pids", mounts, membership).map((folder) => limitIn(folder, 1)),
    ...foldersOf("", mounts, membership).map((folder) => limitIn(folder, 2)),
  ]);
}

/** Cores in `Cpus_allowed_list:` of /proc/self/status (`0-3,8`). */
export function parseAllowedCores(statusText: string): number | undefined {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(statusText)?.[1];
  if (list === undefined) return undefined;
  let cores = 0;
  for (const range of list.split(",")) {
    const [first = Number.NaN, last = first] = range.split("-").map(Number);
    cores += last - first + 1;
  }
  return cores > 0 ? cores : undefined;
}

/** What of a cgroup's memory usage counts as page cache that can be given back at once, from its `memory.stat`. */
export function parseReclaimableBytes(statisticsText: string, version: 1 | 2): number {
  const key = version === 1 ? /^total_inactive_file (\d+)/m : /^inactive_file (\d+)/m;
  return Number(key.exec(statisticsText)?.[1] ?? 0);
}

/** Microseconds of processor time, from version 2's `cpu.stat` or version 1's `cpuacct.usage` (nanoseconds). */
export function parseCgroupCpuUsed(usageText: string, version: 1 | 2): number {
  const used =
    version === 1 ? Number(usageText.trim() || "x") / 1000 : Number(/^usage_usec (\d+)/m.exec(usageText)?.[1]);
  if (!Number.isFinite(used))
    throw new Error(`the cgroup should tell its processor time, not "${usageText.slice(0, 80)}"`);
  return used;
}

/**
 * The folders of this process's cgroup and its ancestors for a version 1 controller (`""`: version 2), innermost first.
 * Inside a container only a part of the tree is mounted; its root is cut off the path.
 */
function foldersOf(controller: string, mounts: readonly Mount[], membership: string): string[] {
  const mount = mounts.find((candidate) =>
    controller === ""
      ? candidate.type === "cgroup2"
      : candidate.type === "cgroup" && candidate.superOptions.includes(controller),
  );
  const path = membershipPath(controller, membership);
  if (mount === undefined || path === undefined) return [];
  const inside = path.startsWith(mount.root) ? path.slice(mount.root === "/" ? 0 : mount.root.length) : "";
  const names = inside.split("/").filter((name) => name !== "" && name !== "..");
  return Array.from({ length: names.length + 1 }, (_, above) =>
    [mount.mount, ...names.slice(0, names.length - above)].join("/"),
  );
}

/** From lines such as `4:cpu,cpuacct:/folder` or, for version 2, `0::/folder`. */
function membershipPath(controller: string, membership: string): string | undefined {
  for (const line of membership.split("\n")) {
    const [, controllers, ...path] = line.split(":");
    if (controllers?.split(",").includes(controller)) return path.join(":");
  }
  return undefined;
}

function memoryLimitVersion2(folder: string, read: ReadText): CgroupMemoryLimit | undefined {
  const limit = positive(read(`${folder}/memory.max`));
  if (limit === undefined) return undefined;
  return { limit, usagePath: `${folder}/memory.current`, statisticsPath: `${folder}/memory.stat`, version: 2 };
}

function memoryLimitVersion1(folder: string, read: ReadText): CgroupMemoryLimit | undefined {
  const limit = positive(read(`${folder}/memory.limit_in_bytes`));
  // "No limit" is the largest multiple of the page size in 63 bits.
  if (limit === undefined || limit > 2 ** 62) return undefined;
  return { limit, usagePath: `${folder}/memory.usage_in_bytes`, statisticsPath: `${folder}/memory.stat`, version: 1 };
}

function cpuLimitVersion2(folder: string, read: ReadText): CgroupLimit | undefined {
  const [quota, period] = (read(`${folder}/cpu.max`) ?? "").trim().split(" ");
  const limit = millis(positive(quota), positive(period));
  return limit === undefined ? undefined : { limit, usagePath: `${folder}/cpu.stat`, version: 2 };
}

function cpuLimitVersion1(
  folder: string,
  mounts: readonly Mount[],
  membership: string,
  read: ReadText,
): CgroupLimit | undefined {
  const limit = millis(positive(read(`${folder}/cpu.cfs_quota_us`)), positive(read(`${folder}/cpu.cfs_period_us`)));
  // The usage is told by another controller, which need not be mounted together with this one.
  const accounting = foldersOf("cpuacct", mounts, membership)[0];
  if (limit === undefined || accounting === undefined) return undefined;
  return { limit, usagePath: `${accounting}/cpuacct.usage`, version: 1 };
}

function millis(quota: number | undefined, period: number | undefined): number | undefined {
  return quota === undefined || period === undefined ? undefined : Math.floor((quota / period) * 1000);
}

/** Undefined for "max", -1 and anything that is no positive number. */
function positive(text: string | undefined): number | undefined {
  const value = Number(text?.trim() || Number.NaN);
  return value > 0 ? value : undefined;
}

function tightest<T extends CgroupLimit>(limits: readonly (T | undefined)[]): T | undefined {
  let found: T | undefined;
  for (const limit of limits)
    if (limit !== undefined && (found === undefined || limit.limit < found.limit)) found = limit;
  return found;
}
