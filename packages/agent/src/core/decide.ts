/**
 * The one door to the agent's core. `state` is changed in place; what is to be written and what is to be done after that
 * comes back. Rules that hold for all events:
 *
 *  - Nothing of a lower epoch than the highest ever met is obeyed, and a higher one is on disk before it is.
 *  - An attempt runs only if its folder could be made exclusively; whoever finds the folder there believes the folder.
 *  - What is told of an attempt is its latest state; an end is told again until it is acknowledged.
 *  - An end is told only when no process of the attempt is left.
 */
import type { AgentEffect } from "./effect.ts";
import type { AgentEvent, Now } from "./event.ts";
import { extendLeases } from "./leases.ts";
import { closeLink, greetNewLeader, openLink, welcome } from "./links.ts";
import { obey } from "./orders.ts";
import {
  noteBuried,
  noteEnded,
  noteExisting,
  noteGone,
  noteNotStarted,
  noteStarted,
  noteSwept,
  recover,
} from "./processes.ts";
import type { AgentRecord } from "./record.ts";
import type { AgentState } from "./state.ts";
import { Turn } from "./turn.ts";
import { beat, forgetAcknowledged, leave, tick } from "./upkeep.ts";

export interface Decision {
  /** To be durable before any of the effects leaves. */
  readonly records: readonly AgentRecord[];
  /** In this order. */
  readonly effects: readonly AgentEffect[];
}

export function decide(state: AgentState, event: AgentEvent, now: Now): Decision {
  const turn = new Turn(state, now);
  handle(turn, event);
  return turn;
}

function handle(turn: Turn, event: AgentEvent): void {
  switch (event.kind) {
    case "recovered":
      return recover(turn, event.highestEpoch, event.attempts);
    case "linkUp":
      return openLink(turn, event.coordinator);
    case "linkDown":
      return closeLink(turn, event.coordinator);
    case "welcome":
      return welcome(turn, event.coordinator, event.leadingEpoch);
    case "leading":
      return greetNewLeader(turn, event.coordinator, event.epoch, event.inquiry);
    case "orders":
      return obey(turn, event.coordinator, event.epoch, event.orders);
    case "acknowledgements":
      return forgetAcknowledged(turn, event.coordinator, event.epoch, event.attempts);
    case "leaseGrant":
      return extendLeases(turn, event);
    case "beatDue":
      return beat(turn);
    case "tick":
      return tick(turn);
    case "started":
      return noteStarted(turn, event.id, event.startedAtMs);
    case "ended":
      return noteEnded(turn, event.id, event.ending);
    case "notStarted":
      return noteNotStarted(turn, event.id, event.fault, event.reason);
    case "buried":
      return noteBuried(turn, event.id, event.end);
    case "exists":
      return noteExisting(turn, event.found);
    case "gone":
      return noteGone(turn, event.id);
    case "swept":
      return noteSwept(turn, event.id);
    case "shutdown":
      return leave(turn, event.returning, event.reason);
    default:
      return assertNever(event);
  }
}

function assertNever(event: never): never {
  throw new Error(`unknown event ${JSON.stringify(event)}`);
}
