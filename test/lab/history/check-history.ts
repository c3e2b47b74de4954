/**
 * Judges what happened by what the clients were promised and what the tasks wrote down. It knows nothing of coordinators
 * and asks none:
 *
 * - lost: acknowledged, and never came to its end; or not known any more to those who acknowledged it;
 * - untrue: told to have succeeded, and never came to its end;
 * - failed: told to have failed, with a reason, although no task here fails by itself. Losses of three nodes may do that;
 * - completed twice: came to its end twice. At-least-once allows that, but only where no coordinator had heard the first
 *   run's node for as long as makes it lost before the second run began; what is not so is outside the rule;
 * - exclusive overlap: two runs of an exclusive task lived at one moment;
 * - started twice: one attempt was begun by two processes;
 * - split: one request id became two tasks.
 */
import type { Hearing, Outcome, Submission, TraceLine } from "./records.ts";

export interface History {
  readonly submissions: readonly Submission[];
  readonly lines: readonly TraceLine[];
  /** What the cluster told of each task after the last had ended. */
  readonly outcomes: readonly Outcome[];
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
  /** Exclusive tasks that ran more than once: those that could have overlapped. */
  readonly exclusiveReruns: number;
  readonly lost: Findings;
  readonly untrue: Findings;
  readonly failed: Findings;
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

export function checkHistory({ submissions, lines, outcomes, hearings, silenceMs }: History): Verdict {
  const byRequest = Map.groupBy(runsOf(lines), ({ request }) => request);
  const told = new Map(outcomes.map((outcome) => [outcome.request, outcome]));
  const verdict = emptyVerdict(submissions);
  for (const { request } of submissions) {
    const runs = byRequest.get(request) ?? [];
    const outcome = told.get(request);
    const ended = runs.some(({ hasEnded }) => hasEnded);
    if (outcome === undefined) verdict.lost[request] = `nobody knows it any more; ${listed(runs)}`;
    else if (!outcome.succeeded) verdict.failed[request] = `${outcome.reason}; ${listed(runs)}`;
    else if (!ended) verdict.untrue[request] = listed(runs);
    if (!ended && outcome?.succeeded !== false) verdict.lost[request] ??= listed(runs);
  }
  const silences = hearings === null ? null : silencesOf(hearings, silenceMs / 1_000);
  const exclusive = new Set(submissions.filter((one) => one.exclusive).map(({ request }) => request));
  for (const [request, runs] of byRequest) {
    verdict.runs += runs.length;
    const completed = runs.filter(({ hasEnded }) => hasEnded);
    if (completed.length > 1) {
      verdict.completedTwice[request] = listed(runs);
      if (!isAllowed(completed, silences, silenceMs / 1_000)) verdict.completedTwiceOutsideRule[request] = listed(runs);
    }
    if (exclusive.has(request) && runs.length > 1) verdict.exclusiveReruns += 1;
    if (exclusive.has(request) && overlap(runs)) verdict.exclusiveOverlaps[request] = listed(runs);
    if (isStartedTwice(runs)) verdict.startedTwice[request] = listed(runs);
    if (new Set(runs.map(({ taskId }) => taskId)).size > 1) verdict.split[request] = listed(runs);
  }
  return verdict;
}

/** What must not be, whatever has failed. */
export function violationsOf(verdict: Verdict): number {
  const { lost, untrue, completedTwiceOutsideRule, exclusiveOverlaps, startedTwice, split } = verdict;
  const kinds = [lost, untrue, completedTwiceOutsideRule, exclusiveOverlaps, startedTwice, split];
  return kinds.reduce((sum, findings) => sum + Object.keys(findings).length, 0);
}

function emptyVerdict(submissions: readonly Submission[]) {
  const nothing = (): Record<string, string> => ({});
  return {
    tasks: submissions.length,
    exclusiveTasks: submissions.filter(({ exclusive }) => exclusive).length,
    runs: 0,
    exclusiveReruns: 0,
    lost: nothing(),
    untrue: nothing(),
    failed: nothing(),
    completedTwice: nothing(),
    completedTwiceOutsideRule: nothing(),
    exclusiveOverlaps: nothing(),
    startedTwice: nothing(),
    split: nothing(),
  };
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

function isStartedTwice(runs: readonly Run[]): boolean {
  return new Set(runs.map(({ taskId, attempt }) => `${taskId}.${attempt}`)).size < runs.length;
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
