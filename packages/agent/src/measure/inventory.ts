/** What a node is and has, found once when the agent starts. */
import { readFileSync } from "node:fs";
import os from "node:os";
import type { Inventory__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Inventory.ts";
import { type AllocatableOptions, allocatableOf } from "./allocatable.ts";
import { type CgroupLimits, findCgroupLimits } from "./cgroup-limits.ts";
import { defaultGpuTool, findGpus, type GpuIdentity, type GpuTool } from "./gpu.ts";
import { type MachineIdentity, readMachineIdentity, unknownMachine } from "./machine-identity.ts";
import { parseMemory } from "./proc/memory.ts";
import { messageOf } from "./sensor-budget.ts";

export interface InventoryOptions extends AllocatableOptions {
  readonly gpuTool?: GpuTool;
  /** Something is there but could not be asked; the inventory goes without it. */
  readonly onProblem?: (problem: string) => void;
}

export interface TakenInventory {
  readonly inventory: Required<Inventory__Output>;
  /** For the node meter, which measures against the same limits. */
  readonly cgroup: CgroupLimits;
  readonly gpuNumbers: readonly number[];
}

/**
 * Takes about a tenth of a second, most of it in a process of its own. Rejects with `invalidArgument` when the reserve
 * leaves nothing to promise; everything else that goes wrong is told to `onProblem`.
 */
export async function takeInventory(options: InventoryOptions): Promise<TakenInventory> {
  const onProblem = options.onProblem ?? (() => {});
  const orElse =
    <T>(fallback: T) =>
    (error: unknown): T => {
      onProblem(messageOf(error));
      return fallback;
    };
  const [machine, gpus] = await Promise.all([
    readMachineIdentity().catch(orElse(unknownMachine)),
    findGpus(options.gpuTool ?? defaultGpuTool).catch(orElse<GpuIdentity[]>([])),
  ]);
  const cgroup = findCgroupLimits(textOf);
  return {
    inventory: inventoryOf(machine, gpus, cgroup, options),
    cgroup,
    gpuNumbers: gpus.map(({ number }) => number),
  };
}

function inventoryOf(
  machine: MachineIdentity,
  gpus: GpuIdentity[],
  cgroup: CgroupLimits,
  options: AllocatableOptions,
): Required<Inventory__Output> {
  const processors = os.cpus();
  const memory = parseMemory(textOf("/proc/meminfo") ?? `MemTotal: ${os.totalmem() / 1024} kB`);
  const memoryBytes = Math.min(memory.totalBytes, cgroup.memory?.limit ?? Number.POSITIVE_INFINITY);
  const cpuMillis = usableCpuMillis(processors.length, cgroup);
  return {
    hostname: os.hostname(),
    os: parseOsName(textOf("/etc/os-release") ?? textOf("/usr/lib/os-release") ?? "") ?? os.type(),
    kernel: os.release(),
    arch: os.arch(),
    cpuModel: (processors[0]?.model ?? "").trim(),
    cpuCores: Math.ceil(cpuMillis / 1000),
    memoryBytes,
    swapBytes: memory.swapTotalBytes,
    allocatable: allocatableOf({ cpuMillis, memoryBytes, gpus: gpus.length }, options),
    gpus,
    ...machine,
  };
}

/** All processors of the machine, unless this process may use fewer of them or only a part of their time. */
export function usableCpuMillis(processors: number, { allowedCores, cpu }: CgroupLimits): number {
  return Math.min(Math.min(processors, allowedCores ?? processors) * 1000, cpu?.limit ?? Number.POSITIVE_INFINITY);
}

/** `PRETTY_NAME` of os-release(5), which may be quoted in either way or not at all. */
export function parseOsName(osRelease: string): string | undefined {
  return /^PRETTY_NAME=(["']?)(.+?)\1\s*$/m.exec(osRelease)?.[2];
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not there, or not ours to read: the callers know what that means.
    return undefined;
  }
}
