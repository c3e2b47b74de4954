/** Measures the running node. It has no timer: whoever reports the metrics calls `sample` when they are due. */
import { performance } from "node:perf_hooks";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { CgroupLimits } from "./cgroup-limits.ts";
import type { GpuTool } from "./gpu.ts";
import { metricsBetween } from "./metrics-between.ts";
import type { Sample } from "./sample.ts";
import { SampleReader } from "./sample-reader.ts";
import { defaultSensorLimits, type SensorChange, type SensorLimits } from "./sensor-budget.ts";

export interface NodeMeterOptions {
  /** As found for the inventory, so that both speak of the same machine. */
  readonly cgroup: CgroupLimits;
  /** Numbers of the GPUs in the inventory; without any, `nvidia-smi` is never started. */
  readonly gpuNumbers?: readonly number[];
  readonly gpuTool?: GpuTool;
  /** Starting `nvidia-smi` costs a process, so GPUs may be read less often than the rest. */
  readonly gpuEveryMs?: number;
  /** A sensor switched itself off, or works again. */
  readonly onSensorChange?: (change: SensorChange) => void;
  readonly sensorLimits?: SensorLimits;
  /** How long a sample waits for disks to tell their space. */
  readonly diskSpaceWaitMs?: number;
  readonly wallClockMs?: () => number;
  readonly monotonicMs?: () => number;
}

export class NodeMeter {
  readonly #reader: SampleReader;
  #previous: Sample | undefined;
  #underWay: Promise<NodeMetrics> | undefined;

  constructor(options: NodeMeterOptions) {
    this.#reader = new SampleReader({
      cgroup: options.cgroup,
      gpuNumbers: options.gpuNumbers ?? [],
      ...(options.gpuTool === undefined ? {} : { gpuTool: options.gpuTool }),
      gpuEveryMs: options.gpuEveryMs ?? 10_000,
      diskSpaceWaitMs: options.diskSpaceWaitMs ?? 100,
      limits: options.sensorLimits ?? defaultSensorLimits,
      onChange: options.onSensorChange ?? (() => {}),
      wallClockMs: options.wallClockMs ?? Date.now,
      monotonicMs: options.monotonicMs ?? (() => performance.now()),
    });
  }

  /**
   * What was measured since the sample before; the first has -1 for everything that needs two. Never rejects: what could
   * not be read is -1 or missing from its list. A call while another is under way gets the same answer. Round trips are
   * left to the sessions.
   */
  sample(): Promise<NodeMetrics> {
    this.#underWay ??= this.#measure().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Closes the files that it keeps open. */
  close(): void {
    this.#reader.close();
  }

  async #measure(): Promise<NodeMetrics> {
    const current = await this.#reader.read();
    const metrics = metricsBetween(this.#previous, current);
    this.#previous = current;
    return metrics;
  }
}
