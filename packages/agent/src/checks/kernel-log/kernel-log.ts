/** The checks that read the kernel's log: each new line is looked at once, and what it tells is kept for a time. */
import { setImmediate as turn } from "node:timers/promises";
import { type CheckGroup, type Finding, type Findings, unknown } from "../finding.ts";
import { judgeKernelLog, kernelCheckRules, type Sighting, sightingsMax } from "./judge-kernel-log.ts";
import { KernelLogReader } from "./kernel-log-reader.ts";
import { type KernelCheck, troubleIn } from "./troubles.ts";

/** Between pieces the agent does what else is due. */
const pieceRecords = 200;
/** A log that grows faster than this is not read whole; what is overwritten meanwhile is not seen. */
const piecesMax = 50;

const names = Object.keys(kernelCheckRules) as KernelCheck[];

/** @param sinceStartMs the clock that the kernel's log goes by: CLOCK_MONOTONIC */
export function kernelLogChecks(
  path = "/dev/kmsg",
  sinceStartMs = (): number => Number(process.hrtime.bigint() / 1_000_000n),
): CheckGroup {
  const reader = new KernelLogReader(path);
  const sightings = new Map<KernelCheck, Sighting[]>(names.map((name) => [name, []]));

  const readNew = async () => {
    for (let piece = 0; piece < piecesMax; piece += 1) {
      const { lines, more } = reader.read(pieceRecords);
      for (const { text, atMs } of lines) {
        const trouble = troubleIn(text);
        if (trouble === null) continue;
        const known = sightings.get(trouble.check) ?? [];
        known.push({ atMs, grave: trouble.grave, text });
        if (known.length > sightingsMax) known.shift();
      }
      if (!more) return;
      await turn();
    }
  };

  return {
    sensor: "kernel log",
    names,
    everyMs: 15_000,
    slowAfterMs: 2_000,
    async look(): Promise<Findings> {
      try {
        await readNew();
      } catch (error) {
        const finding = whyUnread(error as NodeJS.ErrnoException, path);
        if (finding === null) throw error;
        return new Map(names.map((name) => [name, finding]));
      }
      const nowMs = sinceStartMs();
      return new Map(
        names.map((name) => [name, judgeKernelLog(sightings.get(name) ?? [], kernelCheckRules[name], nowMs)]),
      );
    },
    close: () => reader.close(),
  };
}

/** null: not one of the reasons for which the log is out of reach for good. */
function whyUnread({ code }: NodeJS.ErrnoException, path: string): Finding | null {
  if (code === "EPERM" || code === "EACCES") {
    return unknown(
      `the agent may not read the kernel's log (${path}: ${code})`,
      "give the agent CAP_SYSLOG, or set the sysctl kernel.dmesg_restrict to 0",
    );
  }
  if (code === "ENOENT") return unknown(`there is no kernel log here (${path})`);
  return null;
}
