/** Coordinators: who is connected, who leads, and whose word counts. */
import { reportWhatIsOwed, sayHello } from "./reporting.ts";
import type { Turn } from "./turn.ts";

export function openLink(turn: Turn, coordinator: string): void {
  forgetWhatItWasTold(turn, coordinator);
  turn.state.links.set(coordinator, { helloAtMs: turn.now.steadyMs });
  sayHello(turn, coordinator, 0);
}

/** What was on its way may not have arrived. */
export function closeLink(turn: Turn, coordinator: string): void {
  turn.state.links.delete(coordinator);
  forgetWhatItWasTold(turn, coordinator);
}

function forgetWhatItWasTold(turn: Turn, coordinator: string): void {
  for (const attempt of turn.state.attempts.values()) {
    if (attempt.told?.coordinator === coordinator) attempt.told = null;
  }
}

/** The Hello before it told everything; what has changed since is told now. */
export function welcome(turn: Turn, coordinator: string, leadingEpoch: number): void {
  if (leadingEpoch === 0) {
    // It led when it was heard last, and has restarted or stepped down since.
    if (turn.state.leader === coordinator) turn.state.leader = null;
    return;
  }
  if (follow(turn, coordinator, leadingEpoch)) reportWhatIsOwed(turn);
}

export function greetNewLeader(turn: Turn, coordinator: string, epoch: number, inquiry: number): void {
  if (follow(turn, coordinator, epoch)) sayHello(turn, coordinator, inquiry);
}

/**
 * True when what comes with this epoch may be obeyed. A higher one than any before is written down; a lower one is
 * answered with the highest.
 */
export function follow(turn: Turn, coordinator: string, epoch: number): boolean {
  const { state } = turn;
  if (epoch < state.highestEpoch) {
    const message = { kind: "epochRefused", refusedEpoch: epoch, highestEpoch: state.highestEpoch } as const;
    turn.tell({ kind: "send", to: coordinator, message });
    turn.warn(
      `${coordinator} speaks for epoch ${epoch}, but ${state.highestEpoch} has been met: nothing of it is obeyed`,
    );
    return false;
  }
  if (epoch > state.highestEpoch) {
    state.highestEpoch = epoch;
    turn.put({ kind: "highestEpoch", epoch });
  }
  if (state.leader !== coordinator) {
    state.leader = coordinator;
    turn.tell({ kind: "log", level: "info", message: `${coordinator} leads with epoch ${epoch}` });
  }
  return true;
}
