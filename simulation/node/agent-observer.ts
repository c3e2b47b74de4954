/** What an agent decides, as history: whose word it took, and whose it refused. */
import type { AgentEffect } from "@holdfast/agent/core/effect.ts";
import type { Observer } from "@holdfast/agent/shell/loop.ts";
import type { AttemptKey, History } from "../history.ts";

export function agentObserver(nodeId: string, instanceId: string, history: History): Observer {
  const agent = { nodeId, instanceId };
  return (_state, event, { records, effects }) => {
    history.record({ kind: "agentDecided", ...agent, event, records, effects });
    const refused = effects.some(isRefusal);
    for (const effect of effects) {
      if (!isRefusal(effect)) continue;
      const { refusedEpoch, highestEpoch } = effect.message;
      history.record({ kind: "epochRefused", ...agent, refusedEpoch, highestEpoch });
    }
    if (refused) return;
    switch (event.kind) {
      case "orders":
        for (const what of ["start", "stop"] as const) {
          const attempts = event.orders.filter(({ kind }) => kind === what).map(keyOnly);
          if (attempts.length > 0) history.record({ kind: "obeyed", ...agent, epoch: event.epoch, what, attempts });
        }
        return;
      case "acknowledgements":
        return history.record({
          kind: "obeyed",
          ...agent,
          epoch: event.epoch,
          what: "acknowledgement",
          attempts: event.attempts,
        });
      case "leaseGrant":
        return history.record({
          kind: "obeyed",
          ...agent,
          epoch: event.epoch,
          what: "grant",
          attempts: event.attempts,
        });
      default:
        return;
    }
  };
}

type Refusal = Extract<AgentEffect, { kind: "send" }> & {
  readonly message: Extract<Extract<AgentEffect, { kind: "send" }>["message"], { kind: "epochRefused" }>;
};

function isRefusal(effect: AgentEffect): effect is Refusal {
  return effect.kind === "send" && effect.message.kind === "epochRefused";
}

function keyOnly({ taskId, attempt }: AttemptKey): AttemptKey {
  return { taskId, attempt };
}
