/**
 * What a new leader must know before it places exclusive tasks.
 *
 * Storage may have lost the last commits of an earlier leader, and with them that an attempt was started. The agents know:
 * each says in its Hello what it runs. So exclusive tasks wait until every node that is not lost has said Hello to this
 * leader, or until whatever earlier leaders granted is over.
 */
import type { Turn } from "../turn.ts";
import { earlierGrantsEndMs } from "./bound.ts";

export function takeOfficeForExclusives({ observation, now }: Turn): void {
  observation.electedMs = now.steadyMs;
  observation.grants.clear();
  observation.greeted.clear();
  observation.knowsWhatRuns = false;
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
