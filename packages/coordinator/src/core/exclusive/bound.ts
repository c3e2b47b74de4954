/**
 * Until when an exclusive attempt that nothing is known of may still run: the leader's side of its lease, on the leader's
 * own steady clock.
 *
 * The agent's lease ends `exclusiveLeaseMs` (T) after it sent the beat that the last grant answered, which was before that
 * grant left; then its processes are stopped within S + K. With clocks that are off by at most ρ, they are gone when
 * W >= (1+ρ)/(1-ρ)*(T+K) + (1+ρ)*S has passed here since the grant left (C. Gray, D. Cheriton, "Leases", SOSP 1989;
 * derived in docs/exclusive.md; the config holds W to it).
 *
 * An earlier leader may have granted as long as its lease in the storage could last: leaseTtlMs from our election, plus
 * redisOverlapMs in which a primary that was replaced may still have renewed it.
 */
import type { Observation } from "../observation.ts";
import type { Settings } from "../settings.ts";
import { attemptKey } from "./live-attempts.ts";

/** On the steady clock: an attempt that no leader has granted anything since then is over. */
export function runsAtMostUntilMs(
  observation: Observation,
  settings: Settings,
  taskId: string,
  attempt: number,
): number {
  const key = attemptKey(taskId, attempt);
  const oursEndMs = (observation.grants.get(key) ?? Number.NEGATIVE_INFINITY) + settings.exclusiveReassignMs;
  // What this leader has placed itself, no earlier one knew.
  return observation.placedHere.has(key) ? oursEndMs : Math.max(oursEndMs, earlierGrantsEndMs(observation, settings));
}

/** On the steady clock: whatever earlier leaders granted is over. */
export function earlierGrantsEndMs({ electedMs }: Observation, settings: Settings): number {
  return electedMs + settings.leaseTtlMs + settings.redisOverlapMs + settings.exclusiveReassignMs;
}
