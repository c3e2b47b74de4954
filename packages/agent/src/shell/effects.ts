/** Does what the core decided, each thing by the part that can. */
import type { AgentEffect, Message } from "../core/effect.ts";
import type { AgentLog } from "../log.ts";
import type { Host } from "./host.ts";

export interface EffectPorts {
  readonly host: Host;
  readonly send: (to: string | "all", message: Message) => void;
  readonly log: AgentLog;
}

/** What comes of it comes back as an event. */
export function perform(effect: AgentEffect, { host, send, log }: EffectPorts): void {
  switch (effect.kind) {
    case "launch":
      return host.launch(effect);
    case "bury":
      return host.bury(effect.id, effect.end);
    case "stop":
      return host.stop(effect.id, effect.force);
    case "killLeftovers":
      return host.killLeftovers(effect.id);
    case "extendLease":
      return host.extendLease(effect.id, effect.untilMs);
    case "send":
      return send(effect.to, effect.message);
    case "log":
      return log[effect.level]({}, effect.message);
    default:
      return assertNever(effect);
  }
}

function assertNever(effect: never): never {
  throw new Error(`unknown effect ${JSON.stringify(effect)}`);
}
