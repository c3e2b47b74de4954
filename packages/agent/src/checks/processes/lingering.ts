/** How long processes have been seen in a state without having left it, and what that says about the node. Pure. */
import { degraded, type Finding, healthy, unhealthy, unknown } from "../finding.ts";
import type { ProcessSeen } from "./process-walk.ts";

export interface Lingering {
  readonly process: ProcessSeen;
  readonly sinceMs: number;
}

const minuteMs = 60_000;
const stuckAfterMs = 2 * minuteMs;
const stuckGraveAfterMs = 10 * minuteMs;
const stuckGraveFrom = 10;
const zombieAfterMs = 5 * minuteMs;
const zombiesFrom = 20;
const zombiesGraveFrom = 1_000;

/** The same process in the same state keeps its time; one in D only while it has not run in between. */
export function carryOver(before: readonly Lingering[], seen: readonly ProcessSeen[], nowMs: number): Lingering[] {
  const known = new Map(before.map((lingering) => [identityOf(lingering.process), lingering]));
  return seen.map((process) => known.get(identityOf(process)) ?? { process, sinceMs: nowMs });
}

function identityOf({ pid, startTicks, state, switches }: ProcessSeen): string {
  return `${pid} ${startTicks} ${state} ${switches}`;
}

/** @param watched false: there was one look only, and how long something lasts is not known */
export function judgeStuck(lingering: readonly Lingering[], nowMs: number, watched: boolean): Finding {
  const waiting = lingering.filter(({ process }) => process.state === "D");
  const action =
    "see what they wait for (`cat /proc/PID/stack`): a dead disk or network mount; only a reboot ends them";
  if (!watched) return waiting.length === 0 ? healthy : unknownYet(waiting, "waits in the kernel (D)", stuckAfterMs);
  const stuck = waiting.filter(({ sinceMs }) => nowMs - sinceMs >= stuckAfterMs);
  if (stuck.length === 0) return healthy;
  const longestMs = nowMs - Math.min(...stuck.map(({ sinceMs }) => sinceMs));
  const grave = longestMs >= stuckGraveAfterMs || stuck.length >= stuckGraveFrom;
  const reason = `${counted(stuck)} in the kernel (D) without a move, the longest for ${minutes(longestMs)}: ${named(stuck)}`;
  return (grave ? unhealthy : degraded)(reason, action);
}

export function judgeZombies(lingering: readonly Lingering[], nowMs: number, watched: boolean): Finding {
  const zombies = lingering.filter(({ process }) => process.state === "Z");
  if (!watched) return zombies.length < zombiesFrom ? healthy : unknownYet(zombies, "is a zombie", zombieAfterMs);
  const old = zombies.filter(({ sinceMs }) => nowMs - sinceMs >= zombieAfterMs);
  if (old.length < zombiesFrom) return healthy;
  const [parent, children] = commonParent(old);
  const reason = `${old.length} zombies for ${minutes(zombieAfterMs)} or longer, ${children} of them left by process ${parent}`;
  const action = `restart process ${parent} (\`ps -fp ${parent}\`): it does not reap its children`;
  return (old.length >= zombiesGraveFrom ? unhealthy : degraded)(reason, action);
}

function unknownYet(lingering: readonly Lingering[], what: string, afterMs: number): Finding {
  const count = lingering.length === 1 ? `one process ${what}` : `of ${lingering.length} processes each ${what}`;
  return unknown(`${count}: ${named(lingering)}; whether that is a fault shows after ${minutes(afterMs)}`);
}

function counted({ length }: readonly Lingering[]): string {
  return length === 1 ? "one process has been" : `${length} processes have been`;
}

function named(lingering: readonly Lingering[]): string {
  const names = lingering.slice(0, 5).map(({ process: { pid, name } }) => `${pid} (${name})`);
  return [...names, ...(lingering.length > 5 ? ["…"] : [])].join(", ");
}

function minutes(milliseconds: number): string {
  return `${Math.floor(milliseconds / minuteMs)} min`;
}

/** The parent of most of them, and of how many. */
function commonParent(zombies: readonly Lingering[]): readonly [number, number] {
  const counts = new Map<number, number>();
  for (const { process } of zombies) counts.set(process.parentPid, (counts.get(process.parentPid) ?? 0) + 1);
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), [0, 0]);
}
