/** Ending what runs. The supervisor enforces timeout and grace; the core asks, tells, and insists when nothing happens. */
import type { Attempt } from "./attempt.ts";
import { isLeaseOver, leaseOverReason } from "./leases.ts";
import type { Turn } from "./turn.ts";

/** Harmless on an attempt that is stopping or has ended. */
export function beginStop(turn: Turn, attempt: Attempt, reason: string): void {
  const { phase } = attempt;
  switch (phase.kind) {
    case "burying":
    case "stopping":
    case "sweeping":
    case "ended":
      return;
    case "starting":
      // There is nothing to signal yet; `started` does it.
      if (phase.stopReason === null) turn.enter(attempt, { kind: "starting", stopReason: reason });
      return;
    case "running":
      turn.tell({ kind: "stop", id: attempt.id, force: false });
      return enterStopping(turn, attempt, phase.startedAtMs, reason);
  }
}

export function enterStopping(turn: Turn, attempt: Attempt, startedAtMs: number, reason: string): void {
  const overdueAtMs = turn.now.steadyMs + attempt.limits.stopGraceMs + turn.state.settings.stopOverdueMs;
  turn.enter(attempt, { kind: "stopping", startedAtMs, stopping: { reason, overdueAtMs } });
}

/** Looks at the deadlines of one attempt. */
export function watchDeadlines(turn: Turn, attempt: Attempt): void {
  const { phase, id, limits } = attempt;
  const { steadyMs } = turn.now;
  // Its supervisor is stopping it just now.
  if (phase.kind === "running" && steadyMs >= phase.deadlineMs) {
    return enterStopping(turn, attempt, phase.startedAtMs, timeoutReason(limits.timeoutMs));
  }
  if (phase.kind === "running" && isLeaseOver(turn, attempt)) {
    return enterStopping(turn, attempt, phase.startedAtMs, leaseOverReason);
  }
  if (phase.kind === "stopping" && steadyMs >= phase.stopping.overdueAtMs) {
    turn.warn(`attempt ${id.attempt} of ${id.taskId} has not ended after its grace: killing it`);
    turn.tell({ kind: "stop", id, force: true });
    const overdueAtMs = steadyMs + turn.state.settings.stopOverdueMs;
    attempt.phase = { ...phase, stopping: { ...phase.stopping, overdueAtMs } };
  }
}

export function timeoutReason(timeoutMs: number): string {
  return timeoutMs > 0 ? `ran longer than its timeout of ${timeoutMs} ms` : "ran longer than its timeout";
}
