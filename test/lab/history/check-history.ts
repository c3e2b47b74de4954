/**
 * Judges what happened by what the clients were promised and what the tasks wrote down. It knows nothing of coordinators
 * and asks none:
 *
 * - lost: acknowledged, and never came to its end;
 * - completed twice: came to its end twice. At-least-once allows that, but only where no coordinator had heard the first
 *   run's node for as long as makes it lost before the second run began; what is not so is outside the rule;
 * - exclusive overlap: two runs of an exclusive task lived at one moment;
 * - started twice: one attempt was begun by two processes;
 * - split: one request id became two tasks.
 */
import type { Hearing, Submission, TraceLine } from "./records.ts";

export interface History {
  readonly submissions: readonly Submission[];
  readonly lines: readonly TraceLine[];
  /** Null: nobody listened, so that every second completion is outside the rule. */
  readonly hearings: readonly Hearing[] | null;
  /** How long nobody must have heard a node before what ran there may run elsewhere. */
  readonly silenceMs: number;
}

/** Request ids with what is to be said about each. */
export type Findings = Readonly<Record<string, string>>;

export interface Verdict {
  readonly tasks: number;
  readonly exclusiveTasks: number;
  readonly runs: number;
  readonly lost: Findings;
  readonly completedTwice: Findings;
  readonly completedTwiceOutsideRule: Findings;
  readonly exclusiveOverlaps: Findings;
  readonly startedTwice: Findings;
  readonly split: Findings;
}

/** One process of a task. */
interface Run {
  readonly request: string;
  readonly taskId: string;
  readonly nodeId: string;
  readonly attempt: number;
  readonly pid: number;
  readonly startS: number;
  /** The last moment at which it is known to have lived. */
  lastS: number;
  hasEnded: boolean;
  foundLocked: boolean;
}

export function checkHistory({ submissions, lines, hearings, silenceMs }: History): Verdict {
  const byRequest = Map.groupBy(runsOf(lines), ({ request }) => request);
  const silences = hearings === null ? null : silencesOf(hearings, silenceMs / 1_000);
  const exclusive = new Set(submissions.filter((one) => one.exclusive).map(({ request }) => request));
  const verdict = {
    tasks: submissions.length,
    exclusiveTasks: exclusive.size,
    runs: lines.filter(({ what }) => what === "start" || what === "overlap").length,
    lost: {} as Record<string, string>,
    completedTwice: {} as Record<string, string>,
    completedTwiceOutsideRule: {} as Record<string, string>,
    exclusiveOverlaps: {} as Record<string, string>,
    startedTwice: {} as Record<string, string>,
    split: {} as Record<string, string>,
  };
  for (const { request, taskId } of submissions) {
    const runs = byRequest.get(request) ?? [];
    if (!runs.some(({ hasEnded }) => hasEnded)) verdict.lost[request] = `task ${taskId}: ${listed(runs)}`;
  }
  for (const [request, runs] of byRequest) {
    const completed = runs.filter(({ hasEnded }) => hasEnded);
    if (completed.length > 1) {
      verdict.completedTwice[request] = listed(runs);
      if (!isAllowed(completed, silences, silenceMs / 1_000)) verdict.completedTwiceOutsideRule[request] = listed(runs);
    }
    if (exclusive.has(request) && overlap(runs)) verdict.exclusiveOverlaps[request] = listed(runs);
    if (new Set(runs.map(({ taskId, attempt }) => `${taskId}.${attempt}`)).size < runs.length) {
      verdict.startedTwice[request] = listed(runs);
    }
    if (new Set(runs.map(({ taskId }) => taskId)).size > 1) verdict.split[request] = listed(runs);
  }
  return verdict;
}

/** What must not be, whatever has failed. */
export function violationsOf(verdict: Verdict): number {
  const { lost, completedTwiceOutsideRule, exclusiveOverlaps, startedTwice, split } = verdict;
  const kinds = [lost, completedTwiceOutsideRule, exclusiveOverlaps, startedTwice, split];
  return kinds.reduce((sum, findings) => sum + Object.keys(findings).length, 0);
}

/** In the order of their starts. */
function runsOf(lines: readonly TraceLine[]): Run[] {
  const runs = new Map<string, Run>();
  for (const { what, request, taskId, nodeId, attempt, pid, uptimeS } of lines) {
    const key = `${request} ${taskId} ${nodeId} ${attempt} ${pid}`;
    const known = runs.get(key);
    const run = known ?? {
      ...{ request, taskId, nodeId, attempt, pid },
      ...{ startS: uptimeS, lastS: uptimeS, hasEnded: false, foundLocked: false },
    };
    runs.set(key, run);
    run.lastS = Math.max(run.lastS, uptimeS);
    if (what === "end") run.hasEnded = true;
    if (what === "overlap") run.foundLocked = true;
  }
  return [...runs.values()].sort((one, other) => one.startS - other.startS);
}

/** Times in which nobody may have heard a node, as long as they can have been, if that is at least so long. */
function silencesOf(hearings: readonly Hearing[], atLeastS: number): Map<string, { fromS: number; toS: number }[]> {
  const silences = new Map<string, { fromS: number; toS: number }[]>();
  for (const [nodeId, heard] of Map.groupBy(hearings, (hearing) => hearing.nodeId)) {
    const ordered = [...heard].sort((one, other) => one.fromS - other.fromS);
    // It was heard at some moment of each interval: at the first one's begin and the next one's end, for all we know.
    const gaps = ordered.map(({ fromS }, index) => ({
      fromS,
      toS: ordered[index + 1]?.toS ?? Number.POSITIVE_INFINITY,
    }));
    silences.set(
      nodeId,
      gaps.filter(({ fromS, toS }) => toS - fromS >= atLeastS),
    );
  }
  return silences;
}

/** Before each later completion's start, the earlier one's node was silent for long enough, while it had the task. */
function isAllowed(
  completed: readonly Run[],
  silences: ReturnType<typeof silencesOf> | null,
  silenceS: number,
): boolean {
  if (silences === null) return false;
  return completed.every((later, index) =>
    completed
      .slice(0, index)
      .every((earlier) =>
        (silences.get(earlier.nodeId) ?? []).some(
          ({ fromS, toS }) => fromS + silenceS <= later.startS && toS >= earlier.startS,
        ),
      ),
  );
}

function overlap(runs: readonly Run[]): boolean {
  return runs.some((later, index) => {
    return later.foundLocked || runs.slice(0, index).some((earlier) => later.startS < earlier.lastS);
  });
}

function listed(runs: readonly Run[]): string {
  if (runs.length === 0) return "never ran";
  return runs
    .map(({ attempt, nodeId, pid, startS, lastS, hasEnded, foundLocked }) => {
      const end = hasEnded ? `ended at ${lastS}` : `last seen at ${lastS}`;
      return `attempt ${attempt} on ${nodeId} (pid ${pid}) from ${startS}, ${end}${foundLocked ? ", found it locked" : ""}`;
    })
    .join("; ");
}
