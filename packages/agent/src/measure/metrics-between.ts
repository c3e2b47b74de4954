/** Metrics of a node from two samples: rates from how far counters grew, everything else from the later one. */
import type { DiskMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/DiskMetrics.ts";
import type { InterfaceMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/InterfaceMetrics.ts";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { CpuTimes } from "./proc/cpu-times.ts";
import type { InterfaceTraffic } from "./proc/interface-traffic.ts";
import type { Sample, SampledDisk } from "./sample.ts";

/** What the contract says for something that cannot be measured. */
const unmeasured = -1;

/**
 * Without a previous sample, whatever needs two is -1. So is a rate whose device was not there before, and one whose
 * counter went back: the device was replaced or its driver restarted, or a 32-bit counter wrapped, which looks the same.
 * Round trips are not measured here and are left out.
 */
export function metricsBetween(previous: Sample | undefined, current: Sample): NodeMetrics {
  const elapsedMs = previous === undefined ? 0 : current.monotonicMs - previous.monotonicMs;
  return {
    measuredAtMs: current.measuredAtMs,
    cpuUsed: shareUsed(previous?.cpu, current.cpu),
    load1: current.load?.load1 ?? unmeasured,
    load5: current.load?.load5 ?? unmeasured,
    load15: current.load?.load15 ?? unmeasured,
    memoryUsedBytes: current.memory?.usedBytes ?? unmeasured,
    memoryAvailableBytes: current.memory?.availableBytes ?? unmeasured,
    swapUsedBytes: current.memory?.swapUsedBytes ?? unmeasured,
    pressureCpu: current.pressure.cpu ?? unmeasured,
    pressureMemory: current.pressure.memory ?? unmeasured,
    pressureIo: current.pressure.io ?? unmeasured,
    disks: current.disks.map((disk) => diskMetrics(previous, disk, elapsedMs)),
    interfaces: current.interfaces.map((traffic) => interfaceMetrics(previous, traffic, elapsedMs)),
    gpus: current.gpus.map((gpu) => ({ ...gpu })),
    processes: current.processes ?? unmeasured,
    agentResidentBytes: current.agentResidentBytes,
  };
}

/** Growth a second, or -1. */
export function ratePerSecond(before: number | undefined, after: number | undefined, elapsedMs: number): number {
  if (before === undefined || after === undefined || after < before || elapsedMs <= 0) return unmeasured;
  return ((after - before) / elapsedMs) * 1000;
}

function shareUsed(before: CpuTimes | undefined, after: CpuTimes | undefined): number {
  if (before === undefined || after === undefined) return unmeasured;
  const total = after.total - before.total;
  if (total <= 0) return unmeasured;
  // Idle and iowait may each fall a little on a running kernel, and a quota may be overdrawn for a moment.
  return Math.min(1, Math.max(0, (after.used - before.used) / total));
}

function diskMetrics(previous: Sample | undefined, disk: SampledDisk, elapsedMs: number): DiskMetrics {
  const known = previous?.disks.find(({ mount, device }) => mount === disk.mount && device === disk.device);
  const before = known?.traffic;
  const after = disk.traffic;
  const busyMsPerSecond = ratePerSecond(before?.busyMs, after?.busyMs, elapsedMs);
  return {
    mount: disk.mount,
    device: disk.device,
    totalBytes: disk.space?.totalBytes ?? unmeasured,
    usedBytes: disk.space?.usedBytes ?? unmeasured,
    inodesTotal: disk.space?.inodesTotal ?? unmeasured,
    inodesUsed: disk.space?.inodesUsed ?? unmeasured,
    readBytes: ratePerSecond(before?.readBytes, after?.readBytes, elapsedMs),
    writtenBytes: ratePerSecond(before?.writtenBytes, after?.writtenBytes, elapsedMs),
    busy: busyMsPerSecond < 0 ? unmeasured : Math.min(1, busyMsPerSecond / 1000),
  };
}

function interfaceMetrics(previous: Sample | undefined, after: InterfaceTraffic, elapsedMs: number): InterfaceMetrics {
  const before = previous?.interfaces.find(({ name }) => name === after.name);
  return {
    name: after.name,
    receivedBytes: ratePerSecond(before?.receivedBytes, after.receivedBytes, elapsedMs),
    sentBytes: ratePerSecond(before?.sentBytes, after.sentBytes, elapsedMs),
    errors: ratePerSecond(before?.errors, after.errors, elapsedMs),
    drops: ratePerSecond(before?.drops, after.drops, elapsedMs),
  };
}
