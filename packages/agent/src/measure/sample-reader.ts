/** Reads one sample of the node: from /proc and /sys, and from the background sensors. Starts no process of its own. */
import { BackgroundSensor } from "./background-sensor.ts";
import { type CgroupLimits, parseCgroupCpuUsed, parseReclaimableBytes } from "./cgroup-limits.ts";
import { type DiskSpace, readDiskSpace } from "./disk-space.ts";
import { defaultGpuTool, type GpuReading, type GpuTool, readGpus, unreadGpu } from "./gpu.ts";
import { type CpuTimes, parseCpuTimes } from "./proc/cpu-times.ts";
import { type DiskTraffic, parseDiskTraffic } from "./proc/disk-traffic.ts";
import { type InterfaceTraffic, parseInterfaceTraffic } from "./proc/interface-traffic.ts";
import { parseLoadAverages } from "./proc/load.ts";
import { parseMemory } from "./proc/memory.ts";
import { type Mount, parseMounts, realDisks } from "./proc/mounts.ts";
import { parsePressure } from "./proc/pressure.ts";
import { ProcFile } from "./proc/proc-file.ts";
import { processCounter } from "./proc/process-count.ts";
import type { Sample, SampledDisk, SampledMemory } from "./sample.ts";
import { SensorBudget, type SensorOptions } from "./sensor-budget.ts";

/** A report names at most so many disks, interfaces; machines that run containers can have thousands. */
const listedMax = 32;

export interface SampleReaderOptions extends SensorOptions {
  readonly wallClockMs: () => number;
  readonly cgroup: CgroupLimits;
  /** Numbers of the GPUs found at start; nothing is asked when there are none. */
  readonly gpuNumbers: readonly number[];
  readonly gpuTool?: GpuTool;
  readonly gpuEveryMs: number;
  readonly diskSpaceWaitMs: number;
}

export class SampleReader {
  readonly #options: SampleReaderOptions;
  readonly #budgets = new Map<string, SensorBudget>();
  readonly #files = new Map<string, ProcFile>();
  readonly #diskSpace: BackgroundSensor<Map<string, DiskSpace>>;
  readonly #gpus: BackgroundSensor<GpuReading[]>;
  #countProcesses: (() => number) | undefined;
  #mountsText = "";
  #disks: readonly Mount[] = [];

  constructor(options: SampleReaderOptions) {
    this.#options = options;
    this.#diskSpace = new BackgroundSensor({
      ...options,
      sensor: "disk space",
      ask: () => readDiskSpace(this.#disks.map(({ mount }) => mount)),
      everyMs: 0,
      waitMs: options.diskSpaceWaitMs,
      freshMs: options.diskSpaceWaitMs,
    });
    const gpuTool = options.gpuTool ?? defaultGpuTool;
    this.#gpus = new BackgroundSensor({
      ...options,
      sensor: "gpus",
      ask: () => readGpus(gpuTool),
      limits: { ...options.limits, slowAfterMs: gpuTool.timeoutMs },
      everyMs: options.gpuEveryMs,
      waitMs: 0,
      freshMs: options.gpuEveryMs * 3 + gpuTool.timeoutMs,
    });
  }

  async read(): Promise<Sample> {
    const { wallClockMs, monotonicMs } = this.#options;
    const measuredAtMs = wallClockMs();
    const startedMs = monotonicMs();
    const counters = {
      cpu: this.#sense("cpu", () => this.#cpu(startedMs)),
      load: this.#sense("load", () => this.#parsed("/proc/loadavg", parseLoadAverages)),
      memory: this.#sense("memory", () => this.#memory()),
      pressure: this.#sense("pressure", () => this.#pressure()) ?? { cpu: undefined, memory: undefined, io: undefined },
      interfaces: this.#sense("interfaces", () => this.#interfaces()) ?? [],
      processes: this.#sense("processes", () => this.#processes()),
      agentResidentBytes: process.memoryUsage.rss(),
    };
    const disks = this.#sense("mounts", () => this.#realDisks()) ?? [];
    const traffic = this.#sense("disk traffic", () => this.#parsed("/proc/diskstats", parseDiskTraffic));
    const gpus = await this.#readGpus();
    const spaces = disks.length === 0 ? undefined : await this.#diskSpace.poll();
    return {
      ...counters,
      measuredAtMs,
      monotonicMs: startedMs,
      disks: disks.map((disk) => sampledDisk(disk, spaces, traffic)),
      gpus,
    };
  }

  close(): void {
    for (const file of this.#files.values()) file.close();
  }

  #sense<T>(sensor: string, read: () => T): T | undefined {
    const budget = this.#budgets.get(sensor) ?? new SensorBudget(sensor, this.#options);
    this.#budgets.set(sensor, budget);
    return budget.read(read);
  }

  #text(path: string, limitBytes?: number): string | undefined {
    const file = this.#files.get(path) ?? new ProcFile(path, limitBytes);
    this.#files.set(path, file);
    return file.text();
  }

  #parsed<T>(path: string, parse: (text: string) => T): T | undefined {
    const text = this.#text(path);
    return text === undefined ? undefined : parse(text);
  }

  /** Under a quota, the share of the quota that its cgroup used; otherwise that of the machine. */
  #cpu(nowMs: number): CpuTimes | undefined {
    const quota = this.#options.cgroup.cpu;
    if (quota !== undefined) {
      const usedMicros = this.#parsed(quota.usagePath, (text) => parseCgroupCpuUsed(text, quota.version));
      // A thousandth of a core over a millisecond is a microsecond of processor time.
      return usedMicros === undefined ? undefined : { used: usedMicros, total: nowMs * quota.limit };
    }
    // Only the first line matters; the others are long on machines with many processors.
    const text = this.#text("/proc/stat", 512);
    return text === undefined ? undefined : parseCpuTimes(text);
  }

  #memory(): SampledMemory | undefined {
    const memory = this.#parsed("/proc/meminfo", parseMemory);
    const limit = this.#options.cgroup.memory;
    if (memory === undefined || limit === undefined) return memory;
    const usageBytes = Number(this.#text(limit.usagePath));
    const reclaimable = this.#parsed(limit.statisticsPath, (text) => parseReclaimableBytes(text, limit.version)) ?? 0;
    if (!Number.isFinite(usageBytes)) return memory;
    const usedBytes = Math.max(0, usageBytes - reclaimable);
    const availableBytes = Math.max(0, Math.min(memory.availableBytes, limit.limit - usedBytes));
    return { usedBytes, availableBytes, swapUsedBytes: memory.swapUsedBytes };
  }

  #pressure(): Sample["pressure"] {
    return {
      cpu: this.#parsed("/proc/pressure/cpu", parsePressure),
      memory: this.#parsed("/proc/pressure/memory", parsePressure),
      io: this.#parsed("/proc/pressure/io", parsePressure),
    };
  }

  #interfaces(): InterfaceTraffic[] {
    return (this.#parsed("/proc/net/dev", parseInterfaceTraffic) ?? []).slice(0, listedMax);
  }

  #processes(): number {
    this.#countProcesses ??= processCounter();
    return this.#countProcesses();
  }

  /** Mounts seldom change; the text is parsed only when it did. */
  #realDisks(): readonly Mount[] {
    const text = this.#text("/proc/self/mountinfo") ?? "";
    if (text !== this.#mountsText) {
      this.#disks = realDisks(parseMounts(text)).slice(0, listedMax);
      this.#mountsText = text;
    }
    return this.#disks;
  }

  async #readGpus(): Promise<GpuReading[]> {
    const { gpuNumbers } = this.#options;
    if (gpuNumbers.length === 0) return [];
    const readings = await this.#gpus.poll();
    return gpuNumbers.map((number) => readings?.find((reading) => reading.number === number) ?? unreadGpu(number));
  }
}

function sampledDisk(
  { mount, source, deviceNumber }: Mount,
  spaces: ReadonlyMap<string, DiskSpace> | undefined,
  traffic: ReadonlyMap<string, DiskTraffic> | undefined,
): SampledDisk {
  const ofDevice = traffic?.get(deviceNumber) ?? trafficByName(source, traffic);
  return { mount, device: source, space: spaces?.get(mount), traffic: ofDevice };
}

/** For a file system that spans devices: it has no counters under its own number, but its source may name one that has. */
function trafficByName(source: string, traffic: ReadonlyMap<string, DiskTraffic> | undefined): DiskTraffic | undefined {
  for (const device of traffic?.values() ?? []) if (source === `/dev/${device.name}`) return device;
  return undefined;
}
