/**
 * May this coordinator begin a log where the store holds none? A store that was emptied looks like a new one, and what it
 * held would be given up without a word. Whoever knows of a log does not begin another, unless an operator says so; and whoever
 * knows of none first gives those a chance to tell who do.
 */
import type { ClockReading } from "@holdfast/shared/clock.ts";
import type { Observation } from "../core/observation.ts";
import type { Journal } from "./journal.ts";
import type { LogMemory } from "./ports.ts";

export interface Reluctance {
  readonly reason: string;
  /** It goes away by itself within seconds. */
  readonly passes: boolean;
}

/** Longer than coordinators take to enter themselves into the store's list again. */
const listedWithinMs = 1_500;
/** For a listed coordinator that cannot be reached. */
const heardWithinMs = 5_000;

/** @returns why not; null: it may */
export function mayBeginLog(
  parts: {
    readonly beginAnew: boolean;
    readonly memory: Pick<LogMemory, "lineage" | "highestEpoch">;
    readonly journal: Pick<Journal, "runs">;
    readonly observation: Observation;
  },
  now: ClockReading,
): Reluctance | null {
  const { beginAnew, memory, journal, observation } = parts;
  if (beginAnew) return null;
  const anew = "start with beginAnew to give that up";
  if (memory.lineage !== "" || journal.runs.length > 0) {
    return { reason: `the store is empty, but this coordinator belongs to a log; ${anew}`, passes: false };
  }
  for (const [id, { hearing }] of observation.peers) {
    if (hearing.lineage === "") continue;
    return { reason: `the store is empty, but ${id} belongs to a log; ${anew}`, passes: false };
  }
  if (memory.highestEpoch > 0) {
    return { reason: `the store is empty, but agents or coordinators know of a log; ${anew}`, passes: false };
  }
  const sinceStartMs = now.steadyMs - observation.startedMs;
  const unheard = [...observation.listedMs.keys()].filter((id) => !observation.peers.has(id));
  const waits = sinceStartMs < listedWithinMs || (unheard.length > 0 && sinceStartMs < heardWithinMs);
  return waits ? { reason: "other coordinators may know of a log", passes: true } : null;
}
