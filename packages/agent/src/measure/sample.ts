/** What is read in one moment: raw counters and states, from which `metricsBetween` makes rates. Absent: not measured. */
import type { DiskSpace } from "./disk-space.ts";
import type { GpuReading } from "./gpu.ts";
import type { CpuTimes } from "./proc/cpu-times.ts";
import type { DiskTraffic } from "./proc/disk-traffic.ts";
import type { InterfaceTraffic } from "./proc/interface-traffic.ts";
import type { LoadAverages } from "./proc/load.ts";

export interface Sample {
  /** Wall clock, milliseconds since 1970. */
  readonly measuredAtMs: number;
  /** A clock that never goes back; rates are taken over it. */
  readonly monotonicMs: number;
  readonly cpu: CpuTimes | undefined;
  readonly load: LoadAverages | undefined;
  readonly memory: SampledMemory | undefined;
  /** Fractions. */
  readonly pressure: { readonly [kind in "cpu" | "memory" | "io"]: number | undefined };
  readonly disks: readonly SampledDisk[];
  readonly interfaces: readonly InterfaceTraffic[];
  readonly gpus: readonly GpuReading[];
  readonly processes: number | undefined;
  readonly agentResidentBytes: number;
}

export interface SampledMemory {
  readonly usedBytes: number;
  readonly availableBytes: number;
  readonly swapUsedBytes: number;
}

export interface SampledDisk {
  readonly mount: string;
  readonly device: string;
  readonly space: DiskSpace | undefined;
  readonly traffic: DiskTraffic | undefined;
}
