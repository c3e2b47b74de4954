/**
 * All that an agent needs from the world. Production has this machine's (`daemon.ts`), a simulation its own; with equal ports
 * an agent does equal things, in equal order.
 */
import type { Clock } from "@holdfast/shared/clock.ts";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { Checks } from "./checks/check-states.ts";
import type { AgentLog } from "./log.ts";
import type { ReadOutput } from "./session/output-requests.ts";
import type { Dial } from "./session/stream.ts";
import type { AgentMemory, Host } from "./shell/host.ts";
import type { Observer } from "./shell/loop.ts";

export interface Randomness {
  /** Uniform in [0, 1). */
  fraction(): number;
  /** Names one process of an agent; never the same twice. */
  instanceId(): string;
}

export interface AgentPorts {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly dial: Dial;
  readonly host: Host;
  readonly memory: AgentMemory;
  readonly readOutput: ReadOutput;
  readonly measure: () => Promise<NodeMetrics>;
  readonly checks: Checks;
  readonly log: AgentLog;
  /** Sees every decision before anything of it is written or done. */
  readonly observe?: Observer;
}
