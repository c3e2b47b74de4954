/** What becomes of attempts on this node, as their supervisors and folders tell. */
import type { Attempt, AttemptEnd, AttemptId, EndState } from "./attempt.ts";
import { endOf, endWithoutProcess, unrecordedEnd } from "./ending.ts";
import type { Ending, FoundAttempt } from "./event.ts";
import { isLeaseOver, leaseOverReason } from "./leases.ts";
import { report } from "./reporting.ts";
import { beginStop, enterStopping } from "./stopping.ts";
import type { Turn } from "./turn.ts";

export function recover(turn: Turn, highestEpoch: number, attempts: readonly FoundAttempt[]): void {
  turn.state.highestEpoch = Math.max(turn.state.highestEpoch, highestEpoch);
  for (const found of attempts) adopt(turn, found, null);
}

export function noteStarted(turn: Turn, id: AttemptId, startedAtMs: number): void {
  const attempt = turn.find(id);
  if (attempt?.phase.kind !== "starting") return;
  const { stopReason } = attempt.phase;
  if (stopReason === null) run(turn, attempt, startedAtMs);
  else {
    turn.tell({ kind: "stop", id: attempt.id, force: false });
    enterStopping(turn, attempt, startedAtMs, stopReason);
  }
  report(turn, [attempt]);
}

export function noteEnded(turn: Turn, id: AttemptId, ending: Ending): void {
  const attempt = turn.find(id);
  if (attempt === undefined || attempt.phase.kind === "ended") return;
  finish(turn, attempt, endOf(ending, attempt.limits, stopReasonOf(attempt)));
}

export function noteNotStarted(turn: Turn, id: AttemptId, fault: "order" | "node", reason: string): void {
  const attempt = turn.find(id);
  if (attempt?.phase.kind !== "starting") return;
  const state = fault === "order" ? "failed" : "refused";
  finish(turn, attempt, { ...endWithoutProcess(turn.now.wallMs), state, reason });
}

export function noteBuried(turn: Turn, id: AttemptId, end: AttemptEnd): void {
  const attempt = turn.find(id);
  if (attempt?.phase.kind === "burying" || attempt?.phase.kind === "starting") finish(turn, attempt, end);
}

/** The folder's word stands against what was meant to be done with it. */
export function noteExisting(turn: Turn, found: FoundAttempt): void {
  const known = turn.find(found.id);
  if (known !== undefined && known.phase.kind !== "burying" && known.phase.kind !== "starting") return;
  const stopReason = known === undefined ? null : stopReasonOf(known);
  const attempt = adopt(turn, found, stopReason);
  if (stopReason !== null) beginStop(turn, attempt, stopReason);
  report(turn, [attempt]);
}

export function noteGone(turn: Turn, id: AttemptId): void {
  const attempt = turn.find(id);
  if (attempt === undefined || attempt.phase.kind === "ended" || attempt.phase.kind === "sweeping") return;
  const { phase } = attempt;
  giveUp(turn, attempt, "startedAtMs" in phase ? phase.startedAtMs : 0);
  report(turn, [attempt]);
}

/** Nothing of it lives any more, and only the agent can say how it ended. */
export function noteSwept(turn: Turn, id: AttemptId): void {
  const attempt = turn.find(id);
  if (attempt?.phase.kind !== "sweeping") return;
  decideEnd(turn, attempt, attempt.phase.end);
  report(turn, [attempt]);
}

/** Takes an attempt over as its folder shows it. */
function adopt(turn: Turn, found: FoundAttempt, stopReason: string | null): Attempt {
  const { id, limits, leaseUntilMs, folder } = found;
  const attempt = turn.add(id, limits, leaseUntilMs, { kind: "starting", stopReason: null });
  switch (folder.kind) {
    case "starting":
      break;
    case "running":
      run(turn, attempt, folder.startedAtMs);
      break;
    case "decided":
      turn.enter(attempt, { kind: "ended", end: folder.end });
      break;
    case "ended":
      turn.enter(attempt, { kind: "ended", end: endOf(folder.ending, limits, stopReason) });
      break;
    case "gone":
      giveUp(turn, attempt, folder.startedAtMs);
      break;
    case "otherBoot":
      decideEnd(
        turn,
        attempt,
        unrecordedEnd("lost", "the machine restarted while it ran", folder.startedAtMs, turn.now.wallMs),
      );
      break;
  }
  return attempt;
}

function run(turn: Turn, attempt: Attempt, startedAtMs: number): void {
  const { timeoutMs } = attempt.limits;
  const leftMs = timeoutMs - Math.max(0, turn.now.wallMs - startedAtMs);
  const deadlineMs = timeoutMs > 0 ? turn.now.steadyMs + leftMs : Number.POSITIVE_INFINITY;
  turn.enter(attempt, { kind: "running", startedAtMs, deadlineMs });
}

function giveUp(turn: Turn, attempt: Attempt, startedAtMs: number): void {
  turn.warn(`the supervisor of attempt ${attempt.id.attempt} of ${attempt.id.taskId} is gone: killing what it left`);
  turn.tell({ kind: "killLeftovers", id: attempt.id });
  const [state, reason] = whyGone(turn, attempt, startedAtMs);
  turn.enter(attempt, { kind: "sweeping", end: unrecordedEnd(state, reason, startedAtMs, turn.now.wallMs) });
}

function whyGone(turn: Turn, attempt: Attempt, startedAtMs: number): readonly [EndState, string] {
  if (startedAtMs === 0) return ["refused", "its supervisor was killed before it started"];
  return isLeaseOver(turn, attempt) ? ["lost", leaseOverReason] : ["failed", "its supervisor was killed"];
}

function decideEnd(turn: Turn, attempt: Attempt, end: AttemptEnd): void {
  turn.put({ kind: "decided", id: attempt.id, end });
  turn.enter(attempt, { kind: "ended", end });
}

function finish(turn: Turn, attempt: Attempt, end: AttemptEnd): void {
  turn.enter(attempt, { kind: "ended", end });
  report(turn, [attempt]);
}

function stopReasonOf({ phase }: Attempt): string | null {
  if (phase.kind === "stopping") return phase.stopping.reason;
  return phase.kind === "starting" || phase.kind === "burying" ? phase.stopReason : null;
}
