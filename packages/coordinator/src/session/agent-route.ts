/** A way to one agent process: its own stream, or through a coordinator that hears it. */
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";

export interface AgentRoute {
  readonly nodeId: string;
  readonly instanceId: string;
  /** The coordinator that it leads through; "" for the agent's own stream. */
  readonly through: string;
  /** The last beat that came by it, which what leaves by it answers; 0: none yet. */
  readonly lastBeat: number;
  /** @param roughBytes what it takes on the wire, if that may be more than a few hundred bytes */
  send(message: CoordinatorMessage, roughBytes?: number): void;
}
