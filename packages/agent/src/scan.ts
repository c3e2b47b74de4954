/** A look at this machine without any cluster: what it is, and every check once. */
import { systemClock } from "@holdfast/shared/clock.ts";
import type { AgentConfig } from "@holdfast/shared/config/agent-config.ts";
import type { Inventory__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Inventory.ts";
import type { NodeCheck__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeCheck.ts";
import { nodeChecks } from "./checks/node-checks.ts";
import { takeInventory } from "./measure/inventory.ts";
import { checksMessage } from "./session/wire-checks.ts";

export interface Scan {
  readonly inventory: Inventory__Output;
  readonly checks: readonly NodeCheck__Output[];
  /** What of the inventory could not be asked. */
  readonly problems: readonly string[];
}

/**
 * Takes as long as the slowest check; custom ones have timeouts.
 * @param signal ends what is under way: custom checks are killed with all that they started
 */
export async function scanNode(settings: AgentConfig["checks"], signal: AbortSignal): Promise<Scan> {
  const problems: string[] = [];
  const { inventory, cgroup } = await takeInventory({
    reserved: { cpuMillis: 0, memoryBytes: 0 },
    counts: {},
    onProblem: (problem) => problems.push(problem),
  });
  const checker = nodeChecks({ settings, cgroup, clock: systemClock, onSensorChange: () => {} });
  const close = () => checker.close();
  signal.addEventListener("abort", close);
  try {
    if (!signal.aborted) await checker.lookOnce();
    return { inventory, checks: checksMessage(checker.latest()).checks, problems };
  } finally {
    close();
    signal.removeEventListener("abort", close);
  }
}
