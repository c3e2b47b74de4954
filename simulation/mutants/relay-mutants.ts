/** A bug in how nodes are judged that only another coordinator hears. */
import type { Mutant } from "./mutant.ts";

export const relayMutants: readonly Mutant[] = [
  {
    name: "cut-off-node-lost-at-once",
    bug: "a node that the leader does not hear is lost as soon as the one that hears it misses a beat",
    patches: [
      {
        file: "packages/coordinator/src/core/nodes/cut-off.ts",
        find: "  return now.steadyMs - heardElsewhereMs(turn, node.id) < livenessOf(settings, node.nodeClass).lostAfterMs;",
        replace: '  return hearer !== "";',
      },
    ],
  },
];
