/** What the traces prove. */
import type { TraceLine, Traces } from "./traces.ts";

export interface Tally {
  /** Tasks that never came to their end. */
  readonly lost: number;
  /** Tasks of which more than one run came to its end. */
  readonly ranTwiceToCompletion: number;
}

/** @param names of all tasks that were submitted */
export function tally(names: readonly string[], traces: Traces): Tally {
  const completions = names.map((name) => (traces.get(name) ?? []).filter(({ kind }) => kind === "end").length);
  return {
    lost: completions.filter((count) => count === 0).length,
    ranTwiceToCompletion: completions.filter((count) => count > 1).length,
  };
}

/** Names of the tasks without a completed run. */
export function unfinished(names: readonly string[], traces: Traces): string[] {
  return names.filter((name) => !(traces.get(name) ?? []).some(({ kind }) => kind === "end"));
}

export interface Run {
  readonly name: string;
  readonly start: TraceLine;
}

/** Runs that began and did not end, by node. They may have been killed. */
export function openRuns(traces: Traces): Map<string, Run[]> {
  const open = new Map<string, Run[]>();
  for (const [name, lines] of traces) {
    for (const start of lines.filter(({ kind }) => kind === "start")) {
      if (lines.some((line) => line.kind === "end" && isSameRun(line, start))) continue;
      open.set(start.nodeId, [...(open.get(start.nodeId) ?? []), { name, start }]);
    }
  }
  return open;
}

function isSameRun(one: TraceLine, other: TraceLine): boolean {
  return one.nodeId === other.nodeId && one.attempt === other.attempt && one.pid === other.pid;
}

export interface Rerun {
  readonly name: string;
  readonly nodeId: string;
  readonly afterMs: number;
}

/** For each task that has begun again on another node since its node was killed: where, and how long after that. */
export function reruns(names: readonly string[], traces: Traces, killedNodeId: string, killedAtMs: number): Rerun[] {
  return names.flatMap((name) => {
    const again = (traces.get(name) ?? []).find(
      ({ kind, nodeId, atMs }) => kind === "start" && nodeId !== killedNodeId && atMs >= killedAtMs,
    );
    return again === undefined ? [] : [{ name, nodeId: again.nodeId, afterMs: again.atMs - killedAtMs }];
  });
}

/** How many there are of each, in order: `node-1 10, node-3 10`. */
export function countsText(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const inOrder = [...counts].sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }));
  return inOrder.map(([value, count]) => `${value} ${count}`).join(", ");
}

/** Nearest rank; null of nothing. */
export function distribution(values: readonly number[]): { readonly p50: number; readonly max: number } | null {
  const sorted = [...values].sort((one, other) => one - other);
  const max = sorted.at(-1);
  const p50 = sorted[Math.ceil(sorted.length / 2) - 1];
  return max === undefined || p50 === undefined ? null : { p50, max };
}
