/** Does what the core decided, each thing by the part that can. */
import type { Log } from "@holdfast/shared/log.ts";
import type { AgentEffect, Message } from "../core/effect.ts";
import type { AttemptHost } from "./attempt-host.ts";

export interface EffectPorts {
  readonly host: AttemptHost;
  readonly send: (to: string | "all", message: Message) => void;
  readonly log: Log;
}

/** What comes of it comes back as an event. */
export function perform(effect: AgentEffect, { host, send, log }: EffectPorts): void {
  switch (effect.kind) {
    case "launch":
      return host.launch(effect.order, effect.fence);
    case "bury":
      return void host.bury(effect.id, effect.end);
    case "stop":
      return void host.stop(effect.id, effect.force);
    case "killLeftovers":
      return void host.killLeftovers(effect.id);
    case "send":
      return send(effect.to, effect.message);
    case "log":
      return log[effect.level](effect.message);
    default:
      return assertNever(effect);
  }
}

function assertNever(effect: never): never {
  throw new Error(`unknown effect ${JSON.stringify(effect)}`);
}
