/**
 * What a new leader must know before it places exclusive tasks.
 *
 * Storage may have lost the last commits of an earlier leader, and with them that an attempt was started. The agents know:
 * each says in its Hello what it runs. So exclusive tasks wait until every node that is not lost has said one that tells
 * everything, or until whatever earlier leaders granted is over.
 *
 * A node that is lost may run such an attempt as well, and only the storage that has lost the start knew it. While the server
 * that holds the log is still the one that has held it all the time, no start can be missing; otherwise lost nodes are waited
 * for, too, in this leadership and in all that follow until one of them has waited long enough.
 */
import type { Election, NodeHello } from "../event.ts";
import type { AttemptRecord, TaskRecord } from "../record.ts";
import { isEndedAttempt } from "../record.ts";
import type { Turn } from "../turn.ts";
import { earlierGrantsEndMs } from "./bound.ts";

export function takeOfficeForExclusives(turn: Turn, { firstSequence, serverId }: Election): void {
  const { observation, state, now } = turn;
  observation.electedMs = now.steadyMs;
  observation.grants.clear();
  observation.grantedNodes.clear();
  observation.placedHere.clear();
  for (const nodeId of state.exclusive.byNode.keys()) observation.doubtedNodes.add(nodeId);
  observation.greeted.clear();
  observation.knowsWhatRuns = false;
  const isWhole = observation.care === null;
  if (isWhole && firstSequence === 1) startsAreKnown(turn, serverId);
  observation.missesStartsOn = isWhole && state.cluster.startsKnownOnServer === serverId ? "" : serverId;
}

/** Once nothing can be missing any more, that is known to later leaders as well. */
export function watchOffice(turn: Turn): void {
  const { observation } = turn;
  if (observation.missesStartsOn === "" || observation.care !== null || !knowsWhatRuns(turn)) return;
  startsAreKnown(turn, observation.missesStartsOn);
  observation.missesStartsOn = "";
}

function startsAreKnown(turn: Turn, startsKnownOnServer: string): void {
  turn.put({ kind: "cluster", id: "cluster", value: { ...turn.state.cluster, startsKnownOnServer } });
}

/**
 * A Hello tells of everything that earlier leaders ordered only if its agent had met this leader's epoch before: from then on
 * it obeys none of them. Any other may have been overtaken by their last orders, so the agent is asked once more.
 */
export function noteGreeting(turn: Turn, hello: NodeHello): void {
  const { greeted } = turn.observation;
  if (hello.highestEpoch === turn.epoch) greeted.add(hello.nodeId);
  else if (!greeted.has(hello.nodeId)) turn.tell({ kind: "inquire", nodeId: hello.nodeId });
}

/** Another history of the log has come to light, with exclusive tasks that it may have started: nobody's word of before counts. */
export function doubtStarts(turn: Turn): void {
  const { observation, settings, state, now } = turn;
  if (now.steadyMs >= earlierGrantsEndMs(observation, settings)) return;
  observation.greeted.clear();
  observation.knowsWhatRuns = false;
  if (observation.missesStartsOn === "") {
    observation.missesStartsOn = state.cluster.wholeOnServer ?? "";
    startsAreKnown(turn, "");
  }
}

/** All agents say again what they run, if that is not known. */
export function askWhatRuns(turn: Turn): void {
  const { observation } = turn;
  if (observation.missesStartsOn === "" || knowsWhatRuns(turn)) return;
  turn.tell({ kind: "announce" });
  for (const nodeId of observation.relays.keys()) turn.tell({ kind: "inquire", nodeId });
}

/** True for this leadership once it is, unless `doubtStarts`. */
export function knowsWhatRuns(turn: Turn): boolean {
  const { observation, settings, now } = turn;
  if (observation.knowsWhatRuns) return true;
  const waitedLongEnough = now.steadyMs >= earlierGrantsEndMs(observation, settings);
  observation.knowsWhatRuns = waitedLongEnough || awaitedNodes(turn).length === 0;
  return observation.knowsWhatRuns;
}

/** Nodes that may run exclusive attempts which this leader does not know of. */
export function awaitedNodes(world: Pick<Turn, "state" | "observation">): readonly string[] {
  const { greeted, hearings, relays, missesStartsOn } = world.observation;
  if (missesStartsOn === "") return ungreetedNodes(world);
  const ever = new Set([...world.state.nodes.keys(), ...hearings.keys(), ...relays.keys()]);
  return [...ever].filter((nodeId) => !greeted.has(nodeId));
}

/** Exclusive attempts that are not in the records may run on this node. */
export function mayRunUnknown(turn: Turn, nodeId: string): boolean {
  return turn.observation.missesStartsOn !== "" && !knowsWhatRuns(turn) && !turn.observation.greeted.has(nodeId);
}

/** Another attempt of the task is there and has not ended, or may be without the records knowing it. */
export function mayRunElsewhere(turn: Turn, task: TaskRecord, attempt: AttemptRecord): boolean {
  const isAnotherLive = task.attempts.some(({ number, state }) => number !== attempt.number && !isEndedAttempt(state));
  return isAnotherLive || (turn.observation.missesStartsOn !== "" && !knowsWhatRuns(turn));
}

/** Nodes that are there and have not yet told this leader what they run. */
export function ungreetedNodes({ state, observation }: Pick<Turn, "state" | "observation">): readonly string[] {
  const ungreeted: string[] = [];
  for (const node of state.nodes.values()) {
    if (node.lostAtMs === 0 && !observation.greeted.has(node.id)) ungreeted.push(node.id);
  }
  for (const { nodeId, instanceId } of observation.hearings.values()) {
    if (instanceId !== "" && !state.nodes.has(nodeId) && !observation.greeted.has(nodeId)) ungreeted.push(nodeId);
  }
  return ungreeted;
}
