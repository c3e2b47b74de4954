/**
 * A leader that doubts the storage makes sure, before it goes on, that nothing acknowledged is missing.
 *
 * The cluster's record names the storage server's process on which the log was last known to be whole. While that process
 * lives, it has held the log all the time. Another one – started again, restored, promoted from a replica – may have lost the
 * last writes, and so has to be believed only after everybody has been asked:
 *
 * (So is one that has no trace of a leadership which this coordinator has met.)
 *
 *   merging   what journals hold and the log does not is given back. Over when this leader's own orphans are merged and the
 *             other coordinators have shown that theirs are, or mergeWaitMs has passed. What agents tell of attempts that
 *             the records do not know is left open.
 *   asking    all agents say again what they run. Over when those that are heard have, and the others had lostAfterMs.
 *
 * Meanwhile nothing is placed, and whatever submitters ask for has to be asked again. Then the record names the new process.
 */
import type { Election, WriteKind } from "../event.ts";
import { ungreetedNodes } from "../exclusive/office.ts";
import type { LeadershipStart } from "../record.ts";
import { livenessOf } from "../settings.ts";
import type { Turn } from "../turn.ts";
import type { Care } from "./observed.ts";

/** Who was started less than this ago may not know of those that were started at the same time. */
const gatheringMs = 2_500;
/** Whoever has not been listed for so long is not waited for. */
const awaitedForMs = 60_000;
/** Enough for a coordinator that was off for a long time to find where its journal and the log part. */
const leadershipsKept = 64;

export function takeCare(turn: Turn, { epoch, firstSequence, serverId, metEpoch, ownOrphans }: Election): void {
  const { observation, state, now } = turn;
  const { cluster } = state;
  observation.merged.clear();
  observation.mergeTallies.clear();
  const begins: LeadershipStart = { epoch, sequence: firstSequence };
  const leaderships = [...(cluster.leaderships ?? []).slice(1 - leadershipsKept), begins];
  // A log that has just begun has had nothing to lose.
  const isKnown = serverId !== "" && cluster.wholeOnServer === serverId;
  // Where two servers take writes for a while, the known one may not be the one that another leader has written to.
  const missesLeader = metEpoch > cluster.epoch;
  const isWhole = ownOrphans === 0 && (firstSequence === 1 || (isKnown && !missesLeader));
  // Nor is the one that it was whole on: it may copy this one's log from now on, and not to the end.
  const wholeOnServer = isWhole ? serverId : "";
  turn.put({ kind: "cluster", id: "cluster", value: { ...cluster, leaderships, wholeOnServer } });
  observation.care = isWhole ? null : { serverId, sinceMs: now.steadyMs, phase: "merging", ownOrphans };
  if (isWhole) return;
  turn.note(
    "storage.doubted",
    "storage",
    `${why(ownOrphans, isKnown)}: coordinators and agents are asked what they know`,
  );
}

function why(ownOrphans: number, isKnown: boolean): string {
  if (ownOrphans > 0) return "it has lost writes";
  return isKnown ? "it knows nothing of a leader that others have met" : "it was started again, restored or replaced";
}

export function isCareful({ observation }: Turn): boolean {
  return observation.care !== null;
}

/** Records that are missing may still come. */
export function isMerging({ observation }: Turn): boolean {
  return observation.care?.phase === "merging";
}

export function ownOrphanMerged({ observation }: Turn): void {
  const { care } = observation;
  if (care !== null) observation.care = { ...care, ownOrphans: Math.max(0, care.ownOrphans - 1) };
}

/** Writes that would be answered wrongly by a state with something missing. */
const needWholeState: ReadonlySet<WriteKind> = new Set(["submit", "submitBatch", "retry", "cancel", "hold", "release"]);

export function mustWait(turn: Turn, kind: WriteKind): boolean {
  return isCareful(turn) && needWholeState.has(kind);
}

export function refuseWhileCareful(turn: Turn, callId: number): void {
  const message =
    "the storage may have lost its last writes; this is being put right and takes some seconds: try again";
  turn.refuse(callId, "unavailable", message);
}

export function watchCare(turn: Turn): void {
  const { observation, now } = turn;
  const { care } = observation;
  if (care?.phase === "merging" && isAllMerged(turn, care)) {
    observation.care = { ...care, phase: "asking", sinceMs: now.steadyMs };
    // What was left open is told again.
    observation.greeted.clear();
    observation.knowsWhatRuns = false;
    turn.tell({ kind: "announce" });
  } else if (care?.phase === "asking" && isAllTold(turn, care)) {
    observation.care = null;
    turn.put({ kind: "cluster", id: "cluster", value: { ...turn.state.cluster, wholeOnServer: care.serverId } });
    turn.note("storage.trusted", "storage", "coordinators and agents have told what they know");
  }
}

function isAllMerged(turn: Turn, care: Care): boolean {
  const { observation, settings, now, epoch } = turn;
  if (care.ownOrphans > 0) return false;
  const waitedMs = now.steadyMs - care.sinceMs;
  if (waitedMs >= settings.mergeWaitMs) return true;
  if (now.steadyMs - observation.startedMs < gatheringMs) return false;
  const awaited = new Set<string>();
  for (const [id, { receivedMs }] of observation.peers) {
    if (now.steadyMs - receivedMs <= settings.peerViewMaxAgeMs) awaited.add(id);
  }
  for (const [id, listedMs] of observation.listedMs) if (now.steadyMs - listedMs <= awaitedForMs) awaited.add(id);
  return [...awaited].every((id) => (observation.peers.get(id)?.hearing.reconciledEpoch ?? 0) >= epoch);
}

function isAllTold(turn: Turn, care: Care): boolean {
  const { observation, settings, state, now } = turn;
  const waitedMs = now.steadyMs - care.sinceMs;
  return ungreetedNodes(turn).every((nodeId) => {
    const hearing = observation.hearings.get(nodeId);
    const { lostAfterMs } = livenessOf(settings, state.nodes.get(nodeId)?.nodeClass ?? "");
    const isHeard =
      hearing !== undefined && hearing.instanceId !== "" && now.steadyMs - hearing.lastBeatMs < settings.suspectAfterMs;
    // One that beats and does not answer is given up too, only later.
    return waitedMs >= lostAfterMs + (isHeard ? settings.mergeWaitMs : 0);
  });
}
