/** What every daemon tells of its own process, under the names that Prometheus' client libraries use. */
import { readdirSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { version } from "../version.ts";
import type { Exposition } from "./exposition.ts";

/** @param role which program this is, such as "agent" */
export function exposeProcess(exposition: Exposition, role: string): void {
  const startedAtSeconds = performance.timeOrigin / 1_000;
  exposition.gauges(
    {
      name: "holdfast_build_info",
      help: "Always 1; its labels tell which program this is, and of which version.",
      labels: ["role", "version", "node_version"],
    },
    () => [{ labels: { role, version, node_version: process.versions.node }, value: 1 }],
  );
  exposition.counter({ name: "process_cpu_seconds_total", help: "Processor time that this process has used." }, () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  exposition.gauge({ name: "process_resident_memory_bytes", help: "Memory of this process that is in RAM." }, () =>
    process.memoryUsage.rss(),
  );
  exposition.gauge(
    { name: "process_start_time_seconds", help: "When this process started, as Unix time." },
    () => startedAtSeconds,
  );
  exposition.gauge({ name: "process_open_fds", help: "Files and connections that this process has open." }, openFiles);
  exposition.counter(
    {
      name: "holdfast_event_loop_busy_seconds_total",
      help: "Time in which this process's event loop ran instead of waiting; a growth near 1 a second is a full core.",
    },
    () => performance.eventLoopUtilization().active / 1_000,
  );
}

/** Null where there is no /proc. */
function openFiles(): number | null {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return null;
  }
}
