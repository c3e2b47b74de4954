/** Node states by the words that people use. */
import type { NodeState } from "@holdfast/shared/client/messages.ts";
import { InvalidArgumentError } from "commander";

const states: Readonly<Record<string, NodeState>> = {
  ready: "NODE_STATE_READY",
  suspect: "NODE_STATE_SUSPECT",
  lost: "NODE_STATE_LOST",
  away: "NODE_STATE_AWAY",
  "cut-off": "NODE_STATE_CUT_OFF",
};

export const nodeStateWords = Object.keys(states);

/** Repeatable, and several with commas. */
export function nodeStates(text: string, before: readonly NodeState[] = []): NodeState[] {
  const chosen = text.split(",").map((word) => {
    const found = states[word.trim().toLowerCase().replaceAll(/[_ ]/g, "-")];
    if (found === undefined) throw new InvalidArgumentError(`write one or more of ${nodeStateWords.join(", ")}`);
    return found;
  });
  return [...new Set([...before, ...chosen])];
}
