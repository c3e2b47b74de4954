/** What the troubles of a time say about the node. Pure. */
import { degraded, type Finding, healthy, unhealthy } from "../finding.ts";
import type { KernelCheck } from "./troubles.ts";

export interface Sighting {
  readonly atMs: number;
  readonly grave: boolean;
  readonly text: string;
}

export interface KernelCheckRule {
  /** How long a line counts. */
  readonly keptMs: number;
  /** So many lines within that time are grave, whatever each of them says. */
  readonly graveFrom: number;
  readonly suggestedAction: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export const kernelCheckRules: Readonly<Record<KernelCheck, KernelCheckRule>> = {
  "kernel-oom": {
    keptMs: 10 * minuteMs,
    graveFrom: 3,
    suggestedAction: "give tasks memory limits, raise the agent's reserve, or move tasks away",
  },
  "kernel-lockup": {
    keptMs: 30 * minuteMs,
    graveFrom: 10,
    suggestedAction: "look at `dmesg` for what hangs; drain the node and reboot it if that goes on",
  },
  "kernel-io": {
    keptMs: hourMs,
    graveFrom: 10,
    suggestedAction: "look at the disk with `smartctl -a`; drain the node and replace the disk if that goes on",
  },
  "kernel-file-system": {
    keptMs: Number.POSITIVE_INFINITY,
    graveFrom: 1,
    suggestedAction: "drain the node, check the file system (fsck, xfs_repair), and reboot",
  },
  "kernel-machine-check": {
    keptMs: 24 * hourMs,
    graveFrom: 100,
    suggestedAction: "look at `ras-mc-ctl --errors` or the machine's own event log; have memory and processor tested",
  },
  "kernel-gpu": {
    keptMs: 24 * hourMs,
    graveFrom: 10,
    suggestedAction: "look at `nvidia-smi -q`; drain the node and reset the GPU or reboot",
  },
};

/** @param nowMs on the clock of the sightings: since the machine started */
export function judgeKernelLog(sightings: readonly Sighting[], rule: KernelCheckRule, nowMs: number): Finding {
  const recent = sightings.filter(({ atMs }) => nowMs - atMs < rule.keptMs);
  const last = recent.at(-1);
  if (last === undefined) return healthy;
  const grave = recent.length >= rule.graveFrom || recent.some((sighting) => sighting.grave);
  const times =
    recent.length === 1 ? "once" : `${recent.length >= sightingsMax ? "at least " : ""}${recent.length} times`;
  const window = Number.isFinite(rule.keptMs)
    ? `in ${Math.round(rule.keptMs / minuteMs)} min`
    : "since the start of the machine";
  const judge = grave ? unhealthy : degraded;
  return judge(`${times} ${window}, last: ${last.text.slice(0, 200)}`, rule.suggestedAction);
}

/** So many of each kind are kept. */
export const sightingsMax = 100;
