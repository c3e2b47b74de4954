/**
 * The machine's clock: whether the service that keeps it right says it is right, and whether somebody has set it.
 *
 * The kernel's own word (adjtimex) is out of a Node program's reach. chronyd tells its offset through `chronyc`;
 * systemd-timesyncd touches a file whenever it has synchronised. Of other services nothing is known here.
 */
import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import type { ClockReading } from "@holdfast/shared/clock.ts";
import { type CheckGroup, degraded, type Finding, healthy, unhealthy, unknown, worst } from "./finding.ts";

const action = "look at the time service (`timedatectl`, `chronyc sources`) and at its way to its servers";
const offDegradedMs = 100;
const offUnhealthyMs = 1_000;
/** systemd-timesyncd asks at least every 34 minutes. */
const staleAfterMs = 3 * 3_600_000;
const stepMs = 1_000;
const stepKeptMs = 600_000;

/** @param csv of `chronyc -c tracking` */
export function judgeChrony(csv: string): Finding {
  const fields = csv.trim().split(",");
  const offsetMs = Math.abs(Number(fields[4] || Number.NaN)) * 1_000;
  if (Number.isNaN(offsetMs) || fields.length < 14)
    return unknown(`chronyc says "${csv.trim().slice(0, 120)}"`, action);
  if (fields[13] === "Not synchronised") return degraded("chronyd has not synchronised the clock", action);
  if (offsetMs < offDegradedMs) return healthy;
  const judge = offsetMs >= offUnhealthyMs ? unhealthy : degraded;
  return judge(`the clock is off by ${offsetMs.toFixed(0)} ms, says chronyd`, action);
}

/** @param synchronisedAtMs null: not since the machine started */
export function judgeTimesyncd(synchronisedAtMs: number | null, nowMs: number): Finding {
  if (synchronisedAtMs === null) return degraded("systemd-timesyncd has not synchronised the clock yet", action);
  const ageMs = nowMs - synchronisedAtMs;
  if (ageMs < staleAfterMs) return healthy;
  return degraded(`systemd-timesyncd has not synchronised the clock for ${Math.floor(ageMs / 3_600_000)} h`, action);
}

/** The clock was set: it moved by so much more than time went on. */
export interface ClockStep {
  readonly byMs: number;
  /** On the steady clock. */
  readonly atMs: number;
}

export function stepBetween(before: ClockReading, now: ClockReading): ClockStep | null {
  const byMs = now.wallMs - before.wallMs - (now.steadyMs - before.steadyMs);
  return Math.abs(byMs) < stepMs ? null : { byMs, atMs: now.steadyMs };
}

export function judgeStep(step: ClockStep | null, steadyMs: number): Finding {
  if (step === null || steadyMs - step.atMs >= stepKeptMs) return healthy;
  const direction = step.byMs > 0 ? "forward" : "back";
  const agoMinutes = Math.floor((steadyMs - step.atMs) / 60_000);
  const seconds = Math.abs(step.byMs / 1_000).toFixed(1);
  return degraded(`the clock was set ${direction} by ${seconds} s, ${agoMinutes} min ago`, action);
}

/** Where the services leave their traces. */
export interface ClockSources {
  /** One of these is there where chronyd runs. */
  readonly chronyTraces: readonly string[];
  readonly chronyCommand: string;
  /** Is there where systemd-timesyncd runs. */
  readonly timesyncFolder: string;
}

const sourcesHere: ClockSources = {
  chronyTraces: ["/run/chrony", "/run/chronyd.pid"],
  chronyCommand: "chronyc",
  timesyncFolder: "/run/systemd/timesync",
};
const chronyTimeoutMs = 5_000;

export function clockCheck(now: () => ClockReading, sources = sourcesHere): CheckGroup {
  let before: ClockReading | null = null;
  let step: ClockStep | null = null;
  return {
    sensor: "clock",
    names: ["clock"],
    everyMs: 120_000,
    slowAfterMs: chronyTimeoutMs,
    async look() {
      const reading = now();
      if (before !== null) step = stepBetween(before, reading) ?? step;
      before = reading;
      const finding = worst([judgeStep(step, reading.steadyMs), await askService(sources, reading.wallMs)]);
      return new Map([["clock", finding]]);
    },
  };
}

async function askService(sources: ClockSources, wallMs: number): Promise<Finding> {
  const { chronyTraces, chronyCommand, timesyncFolder } = sources;
  if (chronyTraces.some((path) => existsSync(path))) return judgeChrony(await answerOf(chronyCommand));
  if (existsSync(timesyncFolder)) {
    const synchronised = statSync(`${timesyncFolder}/synchronized`, { throwIfNoEntry: false });
    return judgeTimesyncd(synchronised?.mtimeMs ?? null, wallMs);
  }
  return unknown(
    "neither chronyd nor systemd-timesyncd runs here, so nothing tells how far the clock is off",
    "run chronyd or systemd-timesyncd",
  );
}

/** What it says of its failure is judged as any answer that makes no sense. */
function answerOf(chronyCommand: string): Promise<string> {
  const options = { timeout: chronyTimeoutMs, killSignal: "SIGKILL" } as const;
  return new Promise((resolve) => {
    execFile(chronyCommand, ["-c", "-n", "tracking"], options, (error, stdout) => {
      resolve(error === null ? stdout : stdout || error.message);
    });
  });
}
