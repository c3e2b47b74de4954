/** Open files of the whole machine against the kernel's limit. */
import { readFileSync } from "node:fs";
import type { Percentages } from "@holdfast/shared/config/check-settings.ts";
import { type CheckGroup, type Finding, unknown } from "./finding.ts";
import { judgeShare } from "./share.ts";

const action = "find who holds them (`lsof -nP | awk '{print $2}' | sort | uniq -c | sort -n`), or raise fs.file-max";

/** @param fileNr of /proc/sys/fs/file-nr: allocated, unused (always 0) and the maximum */
export function judgeOpenFiles(fileNr: string, percent: Percentages): Finding {
  const [allocated = Number.NaN, unused = Number.NaN, limit = Number.NaN] = fileNr.trim().split(/\s+/).map(Number);
  const open = allocated - unused;
  if (!(limit > 0) || Number.isNaN(open)) return unknown(`file-nr says "${fileNr.trim().slice(0, 80)}"`);
  return judgeShare(open / limit, percent, (shown) => `${open} files are open, ${shown} of ${limit}`, action);
}

export function openFilesCheck(percent: Percentages, path = "/proc/sys/fs/file-nr"): CheckGroup {
  return {
    sensor: "open files",
    names: ["open-files"],
    everyMs: 30_000,
    slowAfterMs: 500,
    look: () => new Map([["open-files", judgeOpenFiles(readFileSync(path, "utf8"), percent)]]),
  };
}
