/** What time brings: beats, deadlines, repeats; and the leader's receipts, which end the repeating. */
import { type AttemptId, keyOf } from "./attempt.ts";
import { follow } from "./links.ts";
import { reportWhatIsOwed } from "./reporting.ts";
import { watchDeadlines } from "./stopping.ts";
import type { Turn } from "./turn.ts";

/** One beat goes to all coordinators with the same number. It counts from before it was sent. */
export function beat(turn: Turn): void {
  const { state, now } = turn;
  state.lastBeat += 1;
  state.beatsAtMs.set(state.lastBeat, now.steadyMs);
  state.beatsAtMs.delete(state.lastBeat - state.settings.beatsRemembered);
  turn.tell({ kind: "send", to: "all", message: { kind: "beat", sequence: state.lastBeat } });
}

export function tick(turn: Turn): void {
  for (const attempt of turn.state.attempts.values()) watchDeadlines(turn, attempt);
  reportWhatIsOwed(turn);
}

/** The folder remembers from here on: a late order for the attempt finds it there. */
export function forgetAcknowledged(turn: Turn, coordinator: string, epoch: number, ids: readonly AttemptId[]): void {
  if (!follow(turn, coordinator, epoch)) return;
  for (const id of ids) {
    const attempt = turn.find(id);
    if (attempt?.phase.kind !== "ended") continue;
    turn.state.attempts.delete(keyOf(id));
    turn.put({ kind: "acknowledged", id: attempt.id });
  }
}

export function leave(turn: Turn, returning: boolean, reason: string): void {
  turn.state.leaving = true;
  turn.tell({ kind: "send", to: "all", message: { kind: "farewell", returning, reason } });
}
