/** An agent's metrics as numbers to be kept over time, bounded on the way in. */
import type { NodeMetrics__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { NodeInventory } from "../core/record.ts";
import type { NodeMetric, Sample } from "../core/series/sample.ts";

/** An agent tells of at most 32 disks and as many interfaces; what comes beyond that is no agent's. */
const partsRead = 64;
const maxPartLength = 128;

/** What was not measured (negative, or no number) is left out; what is absent on the wire is 0. */
export function samplesFrom(metrics: NodeMetrics__Output, inventory: NodeInventory): Sample[] {
  const samples: Sample[] = [];
  const add = (metric: NodeMetric, part = "", value = 0) => {
    if (Number.isFinite(value) && value >= 0) samples.push({ metric, part: part.slice(0, maxPartLength), value });
  };
  const { memoryUsedBytes = 0, memoryAvailableBytes = 0 } = metrics;
  add("cpu_used", "", metrics.cpuUsed);
  add("memory_used", "", share(memoryUsedBytes, memoryUsedBytes + Math.max(0, memoryAvailableBytes)));
  add("swap_used", "", share(metrics.swapUsedBytes, inventory.swapBytes));
  add("pressure_cpu", "", metrics.pressureCpu);
  add("pressure_memory", "", metrics.pressureMemory);
  add("pressure_io", "", metrics.pressureIo);
  add("load1", "", metrics.load1);
  add("processes", "", metrics.processes);
  add("agent_resident_bytes", "", metrics.agentResidentBytes);
  for (const disk of (metrics.disks ?? []).slice(0, partsRead)) {
    add("disk_used", disk.mount, share(disk.usedBytes, disk.totalBytes));
    add("inodes_used", disk.mount, share(disk.inodesUsed, disk.inodesTotal));
    add("disk_busy", disk.mount, disk.busy);
    add("disk_read_bytes", disk.mount, disk.readBytes);
    add("disk_written_bytes", disk.mount, disk.writtenBytes);
  }
  for (const card of (metrics.interfaces ?? []).slice(0, partsRead)) {
    add("network_received_bytes", card.name, card.receivedBytes);
    add("network_sent_bytes", card.name, card.sentBytes);
    add("network_errors", card.name, card.errors);
    add("network_drops", card.name, card.drops);
  }
  for (const gpu of (metrics.gpus ?? []).slice(0, partsRead)) {
    const number = gpu.number ?? 0;
    const memoryBytes = inventory.gpus.find((one) => one.number === number)?.memoryBytes;
    add("gpu_used", String(number), gpu.used);
    add("gpu_memory_used", String(number), share(gpu.memoryUsedBytes, memoryBytes));
    add("gpu_temperature_celsius", String(number), gpu.temperatureCelsius);
    add("gpu_power_watts", String(number), gpu.powerWatts);
  }
  for (const trip of (metrics.roundTrips ?? []).slice(0, partsRead)) {
    add("round_trip_ms", trip.coordinator, trip.milliseconds);
  }
  return samples;
}

/** Negative where either is not known. */
function share(used = 0, whole = 0): number {
  return whole > 0 ? used / whole : -1;
}
