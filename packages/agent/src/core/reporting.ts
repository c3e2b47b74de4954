/**
 * Who is told what, and when again. Reports go to the leader; while none can be reached they wait, and the next Hello
 * carries them. Only the latest state of an attempt is ever told.
 *
 * Whom the agent takes for the leader may only have brought the leader's word, and may have lost touch with it since. So ends
 * that are not acknowledged in time are repeated to all: the others pass them on to the leader.
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

/** What a long outage has gathered must not flood everybody. */
const endsToAllAtOnce = 20;

/** Tells the leader what it was not told yet, and everybody the ends that it has had time to acknowledge and did not. */
export function reportWhatIsOwed(turn: Turn): void {
  const owed: Attempt[] = [];
  const overdue: Attempt[] = [];
  for (const attempt of turn.state.attempts.values()) {
    if (isOverdue(turn, attempt)) overdue.push(attempt);
    else if (attempt.told === null || attempt.told.coordinator !== turn.state.leader) owed.push(attempt);
  }
  report(turn, [...owed, ...overdue]);
  repeatToOthers(turn, overdue.slice(0, endsToAllAtOnce));
}

function isOverdue(turn: Turn, { told, phase }: Attempt): boolean {
  const { leader, links, settings } = turn.state;
  if (phase.kind !== "ended") return false;
  if (told === null) return leader === null || !links.has(leader);
  return turn.now.steadyMs - told.atMs >= settings.repeatAfterMs;
}

function repeatToOthers(turn: Turn, ends: readonly Attempt[]): void {
  const { leader, links } = turn.state;
  if (ends.length === 0 || links.size === 0) return;
  const reports = ends.map(reportOf).filter((report) => report !== null);
  for (const coordinator of links.keys()) {
    if (coordinator !== leader) turn.tell({ kind: "send", to: coordinator, message: { kind: "reports", reports } });
  }
  if (leader !== null && links.has(leader)) return;
  for (const attempt of ends) attempt.told = { coordinator: "", atMs: turn.now.steadyMs };
}

/** Everything that runs, and every end that was not acknowledged. @param answersInquiry 0: nobody has asked */
export function sayHello(turn: Turn, coordinator: string, answersInquiry: number): void {
  const link = turn.state.links.get(coordinator);
  if (link === undefined) return;
  const { highestEpoch, lastBeat, attempts } = turn.state;
  const reports = reportsOf(turn, attempts.values(), coordinator);
  turn.tell({
    kind: "send",
    to: coordinator,
    message: { kind: "hello", highestEpoch, answersInquiry, lastBeat, attempts: reports },
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
