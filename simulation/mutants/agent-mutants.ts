/** Bugs of the agent. */
import type { Mutant } from "./mutant.ts";

const core = "packages/agent/src/core";

export const agentMutants: readonly Mutant[] = [
  {
    name: "start-without-expiry",
    bug: "a start is obeyed however old the beat is that it answers",
    patches: [
      {
        file: `${core}/validity.ts`,
        find: "if (ageMs > validForMs) return",
        replace: "if (ageMs < 0) return",
      },
    ],
  },
  {
    name: "stop-leaves-no-tombstone",
    bug: "a stop for an attempt that is not known is ignored: nothing is left that a late start would find, and no answer",
    patches: [
      {
        file: `${core}/orders.ts`,
        find: '    return bury(turn, order, { state: "cancelled", reason: "stopped before it started" }, reason);\n',
        replace: "    return null;\n",
      },
    ],
  },
  {
    name: "agent-counts-its-lease-from-the-grant",
    bug: "a lease ends a fixed time after its grant arrived, not after the beat that it answers was sent",
    patches: [
      {
        file: `${core}/leases.ts`,
        find: "extend(turn, attempt, sentAtMs + grant.leaseMs);",
        replace: "extend(turn, attempt, turn.now.steadyMs + grant.leaseMs);",
      },
    ],
  },
  {
    name: "end-told-before-leftovers-are-gone",
    bug: "an attempt whose supervisor was killed is reported as ended while what it left is being killed",
    patches: [
      {
        file: `${core}/processes.ts`,
        find: '  turn.enter(attempt, { kind: "sweeping", end: unrecordedEnd(state, reason, startedAtMs, turn.now.wallMs) });',
        replace: "  decideEnd(turn, attempt, unrecordedEnd(state, reason, startedAtMs, turn.now.wallMs));",
      },
    ],
  },
  {
    name: "agent-obeys-a-lower-epoch",
    bug: "an agent obeys whoever speaks last",
    patches: [
      {
        file: `${core}/links.ts`,
        find: "if (epoch < state.highestEpoch) {",
        replace: "if (epoch < 0) {",
      },
    ],
  },
  {
    name: "highest-epoch-not-written-down",
    bug: "an agent has forgotten the highest epoch when it starts again",
    patches: [
      {
        file: `${core}/links.ts`,
        find: '    turn.put({ kind: "highestEpoch", epoch });\n',
        replace: "",
      },
    ],
  },
];
