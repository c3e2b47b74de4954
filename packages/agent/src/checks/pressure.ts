/**
 * Time in which everything waited for memory or for disks, over the last minute (pressure stall information). Processors
 * are not judged: a node whose processors are busy does its job.
 */
import { readFileSync } from "node:fs";
import type { CheckThresholds, Percentages } from "@holdfast/shared/config/check-settings.ts";
import { type CheckGroup, type Finding, unknown } from "./finding.ts";
import { judgeShare } from "./share.ts";

type Resource = "memory" | "io";

const actions: Readonly<Record<Resource, string>> = {
  memory: "the node thrashes: move tasks away, or give them memory limits",
  io: "find who uses the disks (`iotop -o`); a disk that is slow for no reason may be dying (`smartctl -a`)",
};

/** @param text of /proc/pressure/…; null: this kernel does not tell */
export function judgePressure(text: string | null, resource: Resource, percent: Percentages): Finding {
  if (text === null) return unknown("this kernel does not tell its pressure", "boot it with psi=1");
  const stalled = Number(/^full avg10=[\d.]+ avg60=([\d.]+)/m.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(stalled)) throw new Error(`pressure should say "full avg10=… avg60=…", not "${text.slice(0, 80)}"`);
  const what = resource === "memory" ? "memory" : "disks";
  return judgeShare(
    stalled / 100,
    percent,
    (shown) => `for ${shown} of the last minute nothing could go on but waited for ${what}`,
    actions[resource],
  );
}

export function pressureChecks(
  thresholds: Pick<CheckThresholds, "memoryPressurePercent" | "ioPressurePercent">,
  folder = "/proc/pressure",
): CheckGroup {
  return {
    sensor: "pressure stalls",
    names: ["memory-pressure", "io-pressure"],
    everyMs: 30_000,
    slowAfterMs: 500,
    look: () =>
      new Map([
        ["memory-pressure", judgePressure(read(`${folder}/memory`), "memory", thresholds.memoryPressurePercent)],
        ["io-pressure", judgePressure(read(`${folder}/io`), "io", thresholds.ioPressurePercent)],
      ]),
  };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "EOPNOTSUPP", "EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}
