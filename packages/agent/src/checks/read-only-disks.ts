/** Disks that can be written no more though they are meant to be: file systems go read-only when they meet an error. */
import { readFileSync } from "node:fs";
import { type Mount, parseMounts, realDisks } from "../measure/proc/mounts.ts";
import { type CheckGroup, type Finding, healthy, unhealthy } from "./finding.ts";

const action = "look at `dmesg` for why; drain the node, check the file system and the disk, and reboot";

/** What a kernel shows, besides or instead of `ro`, once a file system has stopped taking writes. */
const stopped = ["emergency_ro", "shutdown"];

function isReadOnly({ superOptions }: Mount): boolean {
  return superOptions.some((option) => option === "ro" || stopped.includes(option));
}

/** @param writable mounts that were mounted for writing, or should be */
export function judgeReadOnly(disks: readonly Mount[], writable: ReadonlySet<string>): Finding {
  const lost = disks.filter((disk) => isReadOnly(disk) && writable.has(disk.mount));
  if (lost.length === 0) return healthy;
  const named = lost.slice(0, 8).map(({ mount, source }) => `${mount} (${source})`);
  return unhealthy(`read-only though mounted for writing: ${named.join(", ")}`, action);
}

/** The mounts that /etc/fstab wants to be writable. */
export function writableByTable(fstab: string): string[] {
  return fstab.split("\n").flatMap((line) => {
    const [source = "#", mount, , options = ""] = line.trim().split(/\s+/);
    if (source.startsWith("#") || mount === undefined || options.split(",").includes("ro")) return [];
    return [mount];
  });
}

export function readOnlyDisksCheck(paths = { mountinfo: "/proc/self/mountinfo", fstab: "/etc/fstab" }): CheckGroup {
  let writable: Set<string> | null = null;
  return {
    sensor: "read-only disks",
    names: ["read-only-disks"],
    everyMs: 30_000,
    slowAfterMs: 500,
    look() {
      writable ??= new Set(writableByTable(textIfPresent(paths.fstab)));
      const disks = realDisks(parseMounts(readFileSync(paths.mountinfo, "utf8")));
      for (const disk of disks) if (!isReadOnly(disk)) writable.add(disk.mount);
      return new Map([["read-only-disks", judgeReadOnly(disks, writable)]]);
    },
  };
}

function textIfPresent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}
