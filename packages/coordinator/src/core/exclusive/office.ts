/**
 * What a new leader must know before it places exclusive tasks.
 *
 * Storage may have lost the last commits of an earlier leader, and with them that an attempt was started. The agents know:
 * each says in its Hello what it runs. So exclusive tasks wait until every node that is not lost has said one that tells
 * everything, or until whatever earlier leaders granted is over.
 */
import type { NodeHello } from "../event.ts";
import type { Turn } from "../turn.ts";
import { earlierGrantsEndMs } from "./bound.ts";

export function takeOfficeForExclusives({ observation, state, now }: Turn): void {
  observation.electedMs = now.steadyMs;
  observation.grants.clear();
  observation.grantedNodes.clear();
  observation.placedHere.clear();
  for (const nodeId of state.exclusive.byNode.keys()) observation.doubtedNodes.add(nodeId);
  observation.greeted.clear();
  observation.knowsWhatRuns = false;
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

/** Once true, it stays true for this leadership. */
export function knowsWhatRuns(turn: Turn): boolean {
  const { observation, settings, now } = turn;
  if (observation.knowsWhatRuns) return true;
  const waitedLongEnough = now.steadyMs >= earlierGrantsEndMs(observation, settings);
  observation.knowsWhatRuns = waitedLongEnough || ungreetedNodes(turn).length === 0;
  return observation.knowsWhatRuns;
}

/** Nodes that may run what this leader does not know of. */
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
