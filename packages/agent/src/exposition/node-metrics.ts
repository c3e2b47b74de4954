/**
 * What an agent exposes of its node: the last sample, without what could not be measured.
 *
 * Mounts, devices, interfaces and GPUs are named by the machine. The meter lists at most 32 of each, and what is gone from a
 * sample is gone from the next scrape.
 */
import type { DiskMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/DiskMetrics.ts";
import type { GpuMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/GpuMetrics.ts";
import type { InterfaceMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/InterfaceMetrics.ts";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { Exposition, Reading } from "@holdfast/shared/exposition/exposition.ts";

type Sample = () => NodeMetrics | null;
type Figure = NodeMetrics["cpuUsed"] | NodeMetrics["memoryUsedBytes"];

/** Name after `holdfast_node_`, help, field. */
type Row<Item> = readonly [name: string, help: string, read: (item: Item) => Figure];

const nodeRows: readonly Row<NodeMetrics>[] = [
  [
    "cpu_used_ratio",
    "Share of the processors (of the quota, under one) that was used between the last two samples.",
    (node) => node.cpuUsed,
  ],
  ["load1", "Load average over 1 minute.", (node) => node.load1],
  ["load5", "Load average over 5 minutes.", (node) => node.load5],
  ["load15", "Load average over 15 minutes.", (node) => node.load15],
  ["memory_used_bytes", "Memory in use, without what can be reclaimed.", (node) => node.memoryUsedBytes],
  ["memory_available_bytes", "Memory that programs can still get.", (node) => node.memoryAvailableBytes],
  ["swap_used_bytes", "Swap in use.", (node) => node.swapUsedBytes],
  ["processes", "Processes on the node.", (node) => node.processes],
];

const diskRows: readonly Row<DiskMetrics>[] = [
  ["disk_size_bytes", "Size of the file system.", (disk) => disk.totalBytes],
  ["disk_used_bytes", "Bytes in use on the file system.", (disk) => disk.usedBytes],
  ["disk_inodes", "Inodes of the file system.", (disk) => disk.inodesTotal],
  ["disk_inodes_used", "Inodes in use on the file system.", (disk) => disk.inodesUsed],
  ["disk_read_bytes_per_second", "Bytes read between the last two samples, a second.", (disk) => disk.readBytes],
  [
    "disk_written_bytes_per_second",
    "Bytes written between the last two samples, a second.",
    (disk) => disk.writtenBytes,
  ],
  ["disk_busy_ratio", "Share of time in which the device had something to do.", (disk) => disk.busy],
];

const interfaceRows: readonly Row<InterfaceMetrics>[] = [
  [
    "interface_received_bytes_per_second",
    "Bytes received between the last two samples, a second.",
    (one) => one.receivedBytes,
  ],
  ["interface_sent_bytes_per_second", "Bytes sent between the last two samples, a second.", (one) => one.sentBytes],
  ["interface_errors_per_second", "Packets with errors, both ways, a second.", (one) => one.errors],
  ["interface_drops_per_second", "Packets dropped, both ways, a second.", (one) => one.drops],
];

const gpuRows: readonly Row<GpuMetrics>[] = [
  ["gpu_used_ratio", "Share of time in which the GPU computed.", (gpu) => gpu.used],
  ["gpu_memory_used_bytes", "Memory in use on the GPU.", (gpu) => gpu.memoryUsedBytes],
  ["gpu_temperature_celsius", "Temperature of the GPU.", (gpu) => gpu.temperatureCelsius],
  ["gpu_power_watts", "Power that the GPU draws.", (gpu) => gpu.powerWatts],
];

export function exposeNode(exposition: Exposition, sample: Sample): void {
  exposition.gauge(
    { name: "holdfast_node_sample_timestamp_seconds", help: "When the node was measured last, as Unix time." },
    () => measured(sample()?.measuredAtMs, 0.001),
  );
  for (const [name, help, read] of nodeRows) {
    exposition.gauge({ name: `holdfast_node_${name}`, help }, () => {
      const node = sample();
      return node === null ? null : measured(read(node));
    });
  }
  exposition.gauges(
    {
      name: "holdfast_node_pressure_ratio",
      help: "Share of time in which some task waited for the resource (PSI, average over 10 s).",
      labels: ["resource"],
    },
    () => pressures(sample()),
  );
  exposeEach(exposition, diskRows, ["mount", "device"], {
    items: () => sample()?.disks ?? [],
    labelsOf: ({ mount = "", device = "" }) => ({ mount, device }),
  });
  exposeEach(exposition, interfaceRows, ["interface"], {
    items: () => sample()?.interfaces ?? [],
    labelsOf: ({ name = "" }) => ({ interface: name }),
  });
  exposeEach(exposition, gpuRows, ["gpu"], {
    items: () => sample()?.gpus ?? [],
    labelsOf: ({ number = 0 }) => ({ gpu: String(number) }),
  });
}

interface Each<Item, Label extends string> {
  readonly items: () => readonly Item[];
  readonly labelsOf: (item: Item) => Readonly<Record<Label, string>>;
}

function exposeEach<Item, Label extends string>(
  exposition: Exposition,
  rows: readonly Row<Item>[],
  labels: readonly Label[],
  { items, labelsOf }: Each<Item, Label>,
): void {
  for (const [name, help, read] of rows) {
    exposition.gauges({ name: `holdfast_node_${name}`, help, labels }, function* (): Iterable<Reading<Label>> {
      for (const item of items()) {
        const value = measured(read(item));
        if (value !== null) yield { labels: labelsOf(item), value };
      }
    });
  }
}

function* pressures(node: NodeMetrics | null): Iterable<Reading<"resource">> {
  if (node === null) return;
  const all = { cpu: node.pressureCpu, memory: node.pressureMemory, io: node.pressureIo };
  for (const [resource, figure] of Object.entries(all)) {
    const value = measured(figure);
    if (value !== null) yield { labels: { resource }, value };
  }
}

/** Null for -1, which is what a sample has for what could not be measured. */
function measured(figure: Figure, factor = 1): number | null {
  const value = Number(figure ?? -1);
  return value === -1 ? null : value * factor;
}
