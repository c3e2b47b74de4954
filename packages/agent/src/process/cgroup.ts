/**
 * A cgroup for each attempt, where this machine lets the agent make some. Cgroups are a help and never a condition: what
 * cannot be made or set is left out, and a task runs without it.
 *
 * Version 1: below the agent's own place in the hierarchies memory, cpu and pids, those that are writable. Version 2: in
 * the subtree that was delegated to the agent (systemd: `Delegate=yes`); the agent itself moves into a leaf of it,
 * because a cgroup that hands controllers down may hold no processes.
 */
import { constants } from "node:fs";
import { access, mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { signalProcess } from "./supervisor-process.ts";

export interface CgroupLimits {
  /** Share of the processor under contention, in thousandths of a core; 0: the default share. Idle cores may be used. */
  readonly cpuMillis: number;
  /** Above it the kernel kills in this cgroup; 0: no limit. */
  readonly memoryBytes: number;
}

interface Hierarchy {
  /** "" for version 2. */
  readonly controller: string;
  /** Folder in which attempts get theirs. */
  readonly parent: string;
}

export type CgroupSupport =
  | { readonly kind: "available"; readonly cgroups: AttemptCgroups }
  | { readonly kind: "unavailable"; readonly reason: string };

/** @param name of the parent of all attempts' cgroups, different for each agent of a machine. */
export async function openCgroups(name: string): Promise<CgroupSupport> {
  try {
    const [mounts, own] = await Promise.all([
      readFile("/proc/self/mountinfo", "utf8"),
      readFile("/proc/self/cgroup", "utf8"),
    ]);
    const first = await openVersion1(name, mounts, own);
    if (first.length > 0) return { kind: "available", cgroups: new AttemptCgroups(1, first) };
    const second = await openVersion2(name, mounts, own);
    return { kind: "available", cgroups: new AttemptCgroups(2, [second]) };
  } catch (error) {
    return { kind: "unavailable", reason: `no writable cgroup: ${(error as Error).message}` };
  }
}

async function openVersion1(name: string, mounts: string, own: string): Promise<Hierarchy[]> {
  const found: Hierarchy[] = [];
  for (const controller of ["memory", "cpu", "pids"]) {
    const mount = mountPoint(mounts, "cgroup", controller);
    const path = own.split("\n").find((line) => line.split(":")[1]?.split(",").includes(controller));
    if (mount === null || path === undefined) continue;
    const parent = join(mount, path.slice(path.lastIndexOf(":") + 1), name);
    if (
      await mkdir(parent, { recursive: true }).then(
        () => true,
        () => false,
      )
    )
      found.push({ controller, parent });
  }
  return found;
}

async function openVersion2(name: string, mounts: string, own: string): Promise<Hierarchy> {
  const mount = mountPoint(mounts, "cgroup2", null);
  const path = own
    .split("\n")
    .find((line) => line.startsWith("0::"))
    ?.slice(3);
  if (mount === null || path === undefined) throw new Error("no cgroup file system is mounted");
  // Once the agent has moved into its leaf, its successor of the same unit finds itself one level deeper.
  const delegated = join(mount, path.replace(/\/agent$/, ""));
  if (delegated === mount) throw new Error("the agent is in the root cgroup, which is nobody's to give limits in");
  await access(join(delegated, "cgroup.subtree_control"), constants.W_OK);
  await mkdir(join(delegated, "agent"), { recursive: true });
  await writeFile(join(delegated, "agent", "cgroup.procs"), String(process.pid));
  await writeFile(join(delegated, "cgroup.subtree_control"), "+cpu +memory +pids");
  const parent = join(delegated, name);
  await mkdir(parent, { recursive: true });
  await writeFile(join(parent, "cgroup.subtree_control"), "+cpu +memory +pids");
  return { controller: "", parent };
}

/** Field 5 of mountinfo is the mount point; behind " - " stand type, source and options. */
function mountPoint(mounts: string, type: string, controller: string | null): string | null {
  for (const line of mounts.split("\n")) {
    const [place, kind] = line.split(" - ");
    const [mountedType, , options] = kind?.split(" ") ?? [];
    if (mountedType !== type) continue;
    if (controller === null || options?.split(",").includes(controller)) return place?.split(" ")[4] ?? null;
  }
  return null;
}

export class AttemptCgroups {
  readonly version: 1 | 2;
  readonly #hierarchies: readonly Hierarchy[];

  constructor(version: 1 | 2, hierarchies: readonly Hierarchy[]) {
    this.version = version;
    this.#hierarchies = hierarchies;
  }

  /** Makes an attempt's cgroup and returns the `cgroup.procs` files to join; fewer or none where it could not. */
  async create(key: string, limits: CgroupLimits): Promise<string[]> {
    const joinable: string[] = [];
    for (const { controller, parent } of this.#hierarchies) {
      const folder = join(parent, key);
      try {
        await mkdir(folder);
        for (const [file, value] of settings(controller, limits)) await writeFile(join(folder, file), value);
        joinable.push(join(folder, "cgroup.procs"));
      } catch {
        // Not joined then. An empty cgroup that is left is removed with the attempt.
      }
    }
    return joinable;
  }

  /** Processes that are in the attempt's cgroup, in any of the hierarchies. */
  async processes(key: string): Promise<number[]> {
    const files = this.#hierarchies.map(({ parent }) =>
      readFile(join(parent, key, "cgroup.procs"), "utf8").catch(() => ""),
    );
    const lines = (await Promise.all(files)).flatMap((text) => text.split("\n"));
    return [...new Set(lines.filter((line) => line !== "").map(Number))];
  }

  async isEmpty(key: string): Promise<boolean> {
    return (await this.processes(key)).length === 0;
  }

  /** Kills what is in it, once; ask isEmpty and repeat while it forks. Returns how many processes that were. */
  async kill(key: string): Promise<number> {
    return (await this.processes(key)).filter((pid) => signalProcess(pid, "SIGKILL")).length;
  }

  /** Removes the common parent, if no attempt's cgroup is left in it. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#hierarchies.map(({ parent }) => rmdir(parent)));
  }

  /** False while processes are in it. */
  async remove(key: string): Promise<boolean> {
    const removals = this.#hierarchies.map(({ parent }) =>
      rmdir(join(parent, key)).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code === "ENOENT",
      ),
    );
    return (await Promise.all(removals)).every(Boolean);
  }
}

function settings(controller: string, { cpuMillis, memoryBytes }: CgroupLimits): [file: string, value: string][] {
  const all: [controller: string, file: string, value: string][] = [];
  if (memoryBytes > 0) {
    all.push(["memory", "memory.limit_in_bytes", String(memoryBytes)], ["", "memory.max", String(memoryBytes)]);
  }
  if (cpuMillis > 0) {
    // A core is 1,024 shares, or a weight of 100; the kernel's ranges are 2 to 262,144 and 1 to 10,000.
    const shares = Math.min(262_144, Math.max(2, Math.round((cpuMillis * 1024) / 1000)));
    const weight = Math.min(10_000, Math.max(1, Math.round(cpuMillis / 10)));
    all.push(["cpu", "cpu.shares", String(shares)], ["", "cpu.weight", String(weight)]);
  }
  return all.filter((entry) => entry[0] === controller).map(([, file, value]) => [file, value]);
}
