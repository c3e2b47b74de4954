/** Space and inodes of the node's disks, by the same careful reading as the metrics'; see measure/disk-space.ts. */
import { readFileSync } from "node:fs";
import type { CheckThresholds } from "@holdfast/shared/config/check-settings.ts";
import { BackgroundSensor } from "../measure/background-sensor.ts";
import { type DiskSpace, readDiskSpace } from "../measure/disk-space.ts";
import { parseMounts, realDisks } from "../measure/proc/mounts.ts";
import { defaultSensorLimits, type SensorOptions } from "../measure/sensor-budget.ts";
import { type FillingDisk, foreseeFull, noteUse, type UseAt } from "./filling.ts";
import { type CheckGroup, degraded, type Finding, healthy, unknown, worst } from "./finding.ts";
import { judgeShare } from "./share.ts";

const spaceAction = "see what takes the room (`du -xh --max-depth=2 | sort -h`), delete it, or enlarge the disk";
const inodesAction = "see where the files are (`du --inodes -x --max-depth=2 | sort -n`), and delete them";
const waitMs = 1_000;
const listedMax = 32;

export interface DiskUse extends DiskSpace {
  readonly mount: string;
  /** null: it does not fill, or it is not known yet. */
  readonly filling: FillingDisk | null;
}

export function judgeDiskSpace(disk: DiskUse, { diskPercent }: Pick<CheckThresholds, "diskPercent">): Finding {
  const { mount, totalBytes, usedBytes, filling } = disk;
  if (totalBytes <= 0) return healthy;
  const finding = judgeShare(usedBytes / totalBytes, diskPercent, (shown) => `${mount} is ${shown} full`, spaceAction);
  if (finding.health !== "healthy" || filling === null) return finding;
  const { inMs, bytesPerMinute } = filling;
  const pace = `${Math.round(bytesPerMinute / 1024 ** 2)} MiB a minute`;
  const percent = Math.floor((usedBytes / totalBytes) * 100);
  return degraded(
    `${mount} is ${percent} % full and fills by ${pace}: it is full in ${Math.round(inMs / 60_000)} min`,
    spaceAction,
  );
}

export function judgeInodes(disk: DiskUse, { inodesPercent }: Pick<CheckThresholds, "inodesPercent">): Finding {
  const { mount, inodesTotal, inodesUsed } = disk;
  if (inodesTotal <= 0) return healthy;
  const describe = (shown: string) => `${shown} of the ${inodesTotal} inodes of ${mount} are used`;
  return judgeShare(inodesUsed / inodesTotal, inodesPercent, describe, inodesAction);
}

/** @param options of the reading's own budget; its limits are replaced */
export function diskChecks(thresholds: CheckThresholds, options: Omit<SensorOptions, "limits">): CheckGroup {
  const { monotonicMs } = options;
  let mounts: readonly string[] = [];
  const history = new Map<string, readonly UseAt[]>();
  const sensor = new BackgroundSensor({
    ...options,
    limits: { ...defaultSensorLimits, slowAfterMs: waitMs },
    sensor: "disk space for checks",
    ask: () => readDiskSpace(mounts),
    everyMs: 0,
    waitMs,
    freshMs: waitMs,
  });
  const useOf = (mount: string, space: DiskSpace): DiskUse => {
    const uses = noteUse(history.get(mount) ?? [], { atMs: monotonicMs(), usedBytes: space.usedBytes });
    history.set(mount, uses);
    return { mount, ...space, filling: foreseeFull(uses, space) };
  };
  return {
    sensor: "disks",
    names: ["disk-space", "inodes"],
    everyMs: 30_000,
    slowAfterMs: 2 * waitMs,
    async look() {
      mounts = realDisks(parseMounts(readFileSync("/proc/self/mountinfo", "utf8")))
        .slice(0, listedMax)
        .map(({ mount }) => mount);
      for (const mount of history.keys()) if (!mounts.includes(mount)) history.delete(mount);
      const spaces = mounts.length === 0 ? new Map<string, DiskSpace>() : await sensor.poll();
      if (spaces === undefined) {
        const finding = unknown(
          `the disks have not told their space within ${waitMs} ms`,
          "look for a disk or file system that hangs (`dmesg`, `df`)",
        );
        return new Map([
          ["disk-space", finding],
          ["inodes", finding],
        ]);
      }
      const uses = [...spaces].map(([mount, space]) => useOf(mount, space));
      return new Map([
        ["disk-space", worst(uses.map((use) => judgeDiskSpace(use, thresholds)))],
        ["inodes", worst(uses.map((use) => judgeInodes(use, thresholds)))],
      ]);
    },
  };
}
