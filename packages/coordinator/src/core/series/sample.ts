/** What is kept of a node over time: one number each, of the node as a whole or of one of its parts. */

/**
 * Shares are 0 to 1 of the whole, rates are per second, round trips in milliseconds. In the order in which they are kept where
 * a node has more than fits.
 */
export const nodeMetrics = [
  "cpu_used",
  "memory_used",
  "swap_used",
  "pressure_cpu",
  "pressure_memory",
  "pressure_io",
  "load1",
  "disk_used",
  "inodes_used",
  "gpu_used",
  "gpu_memory_used",
  "gpu_temperature_celsius",
  "network_received_bytes",
  "network_sent_bytes",
  "disk_busy",
  "processes",
  "round_trip_ms",
  "agent_resident_bytes",
  "network_errors",
  "network_drops",
  "disk_read_bytes",
  "disk_written_bytes",
  "gpu_power_watts",
] as const;

export type NodeMetric = (typeof nodeMetrics)[number];

export interface Sample {
  readonly metric: NodeMetric;
  /** Mount, interface, number of a GPU or id of a coordinator; "" for the node as a whole. */
  readonly part: string;
  readonly value: number;
}
