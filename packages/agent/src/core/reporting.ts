/**
 * Who is told what, and when again. Reports go to the leader alone; while none can be reached they wait, and the next
 * Hello carries them. Only the latest state of an attempt is ever told.
 */
import { type Attempt, type AttemptReport, reportOf } from "./attempt.ts";
import type { Turn } from "./turn.ts";

/** Tells the leader the present state of these attempts, however often it was told before. */
export function report(turn: Turn, attempts: Iterable<Attempt>): void {
  const { leader, links } = turn.state;
  if (leader === null || !links.has(leader)) return;
  const reports = reportsOf(turn, attempts, leader);
  if (reports.length > 0) turn.tell({ kind: "send", to: leader, message: { kind: "reports", reports } });
}

/** Tells the leader what it was not told yet, and the ends that it has had time to acknowledge and did not. */
export function reportWhatIsOwed(turn: Turn): void {
  const owed: Attempt[] = [];
  for (const attempt of turn.state.attempts.values()) if (isOwed(turn, attempt)) owed.push(attempt);
  report(turn, owed);
}

function isOwed(turn: Turn, { told, phase }: Attempt): boolean {
  if (told === null || told.coordinator !== turn.state.leader) return true;
  return phase.kind === "ended" && turn.now.steadyMs - told.atMs >= turn.state.settings.repeatAfterMs;
}

/** Everything that runs, and every end that was not acknowledged. @param answersInquiry 0: nobody has asked */
export function sayHello(turn: Turn, coordinator: string, answersInquiry: number): void {
  const link = turn.state.links.get(coordinator);
  if (link === undefined) return;
  const { highestEpoch, attempts } = turn.state;
  const reports = reportsOf(turn, attempts.values(), coordinator);
  turn.tell({
    kind: "send",
    to: coordinator,
    message: { kind: "hello", highestEpoch, answersInquiry, attempts: reports },
  });
}

function reportsOf(turn: Turn, attempts: Iterable<Attempt>, coordinator: string): readonly AttemptReport[] {
  const { leader } = turn.state;
  const reports: AttemptReport[] = [];
  for (const attempt of attempts) {
    const latest = reportOf(attempt);
    if (latest === null) continue;
    if (leader === null || leader === coordinator) attempt.told = { coordinator, atMs: turn.now.steadyMs };
    reports.push(latest);
  }
  return reports;
}
