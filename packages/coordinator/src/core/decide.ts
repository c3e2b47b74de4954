/** The only door into the core: what follows from an event, given what is true. */
import type { CoordinatorEvent, Election, WriteKind, WriteRequest } from "./event.ts";
import { grantLeases } from "./exclusive/grants.ts";
import { watchDoubted } from "./exclusive/loss.ts";
import { takeOfficeForExclusives, watchOffice } from "./exclusive/office.ts";
import { bidFarewell, confirmDead, cordon, drain, remove, uncordon, watchDeadlines } from "./nodes/administration.ts";
import { greet } from "./nodes/hello.ts";
import { confirmLosses, startWatching, watchNodes } from "./nodes/liveness.ts";
import { place } from "./placement/place.ts";
import { isCareful, mustWait, refuseWhileCareful, takeCare, watchCare } from "./recovery/care.ts";
import { merge } from "./recovery/merge.ts";
import { cancel, hold, release } from "./tasks/control.ts";
import { endOverdue, forgetEnded } from "./tasks/deadlines.ts";
import { takeReports } from "./tasks/news.ts";
import { retry, submit, submitBatch } from "./tasks/submission.ts";
import type { Turn } from "./turn.ts";

/** Puts the records and tells the effects of `event` into `turn`. */
export function decide(turn: Turn, event: CoordinatorEvent): void {
  switch (event.kind) {
    case "elected":
      return takeOffice(turn, event.election);
    case "tick":
      return tick(turn);
    case "place":
      return isCareful(turn) ? undefined : place(turn, event.seed);
    case "write":
      return write(turn, event.callId, event.request);
    case "hello":
      return greet(turn, event.hello, event.seed);
    case "reports":
      return takeReports(turn, event.nodeId, event.reports, event.seed);
    case "farewell":
      return bidFarewell(turn, event.nodeId, event.returning, event.reason);
    case "merge":
      return merge(turn, event.piece);
    case "higherEpochMet":
      if (event.epoch > turn.epoch) turn.tell({ kind: "resign", reason: `an agent has met epoch ${event.epoch}` });
      return;
    default:
      return assertNever(event);
  }
}

function takeOffice(turn: Turn, election: Election): void {
  const { epoch, leaderId } = election;
  const leaderSinceMs = turn.now.wallMs;
  turn.put({ kind: "cluster", id: "cluster", value: { ...turn.state.cluster, epoch, leaderId, leaderSinceMs } });
  turn.note("leader.elected", leaderId, `it leads with epoch ${epoch}`);
  takeCare(turn, election);
  startWatching(turn);
  takeOfficeForExclusives(turn, election);
  turn.tell({ kind: "announce" });
}

function tick(turn: Turn): void {
  watchNodes(turn);
  watchCare(turn);
  watchDoubted(turn);
  watchOffice(turn);
  grantLeases(turn);
  watchDeadlines(turn);
  endOverdue(turn);
  forgetEnded(turn);
}

const writeHandlers: {
  readonly [Kind in WriteKind]: (turn: Turn, callId: number, request: WriteRequest<Kind>) => void;
} = {
  submit,
  submitBatch,
  cancel,
  retry,
  hold,
  release,
  cordon,
  uncordon,
  drain,
  remove,
  confirmDead,
  pausePlacement(turn, callId, { reason }) {
    const { cluster } = turn.state;
    const value = { ...cluster, placementPaused: true, placementPausedReason: reason, ...changedNow(turn) };
    turn.put({ kind: "cluster", id: "cluster", value });
    turn.note("placement.paused", "cluster", reason);
    turn.answer(callId, {});
  },
  resumePlacement(turn, callId) {
    const { cluster } = turn.state;
    const value = { ...cluster, placementPaused: false, placementPausedReason: "", ...changedNow(turn) };
    turn.put({ kind: "cluster", id: "cluster", value });
    turn.note("placement.resumed", "cluster", "");
    confirmLosses(turn);
    turn.answer(callId, {});
  },
};

/** Always later than the last change that this leader knows of, whatever its clock shows. */
function changedNow({ now, state, epoch }: Turn) {
  const placementChangedAtMs = Math.max(now.wallMs, (state.cluster.placementChangedAtMs ?? 0) + 1);
  return { placementChangedAtMs, placementChangedIn: epoch };
}

function write<Kind extends WriteKind>(turn: Turn, callId: number, request: WriteRequest<Kind>): void {
  if (mustWait(turn, request.kind)) return refuseWhileCareful(turn, callId);
  const handler = writeHandlers[request.kind as Kind] as (
    turn: Turn,
    callId: number,
    request: WriteRequest<Kind>,
  ) => void;
  handler(turn, callId, request);
}

function assertNever(event: never): never {
  throw new Error(`unknown event ${JSON.stringify(event)}`);
}
