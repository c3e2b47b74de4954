/** The node's checks as they go over the wire, each bounded. */
import type { Health__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Health.ts";
import type { NodeChecks__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeChecks.ts";
import type { CheckState } from "../checks/check-states.ts";
import type { Health } from "../checks/finding.ts";

const healthNames: Readonly<Record<Health, Health__Output>> = {
  healthy: "HEALTH_HEALTHY",
  degraded: "HEALTH_DEGRADED",
  unhealthy: "HEALTH_UNHEALTHY",
  unknown: "HEALTH_UNKNOWN",
};

const longestReason = 1_024;
const longestAction = 512;

export function checksMessage(states: readonly CheckState[]): Required<NodeChecks__Output> {
  return {
    checks: states.map(({ name, health, reason, suggestedAction, sinceMs, checkedAtMs }) => ({
      name,
      health: healthNames[health],
      reason: reason.slice(0, longestReason),
      suggestedAction: suggestedAction.slice(0, longestAction),
      sinceMs: Math.round(sinceMs),
      checkedAtMs: Math.round(checkedAtMs),
    })),
  };
}
