/**
 * Whether it is bounded for how long a storage primary that was replaced may still renew a leader's lease. As long as it may,
 * that leader may grant leases to exclusive tasks, and its successor must not place them elsewhere.
 */
import type { StoreReplication } from "./store.ts";

export interface OverlapSettings {
  readonly redisOverlapMs?: number | undefined;
  readonly redisWaitReplicas: number;
}

const howLong = "redisOverlapMs, to at least Sentinel's failover-timeout + Redis' min-replicas-max-lag";

/** Why it is not bounded, and what to set; null: it is. */
export function whyUnbounded(replication: StoreReplication, settings: OverlapSettings): string | null {
  const { replicas, bySentinel, minReplicasToWrite, minReplicasMaxLagMs } = replication;
  const { redisOverlapMs, redisWaitReplicas } = settings;
  if (replicas === 0 && !bySentinel) return null;
  const what = replicas > 0 ? `Redis has ${replicas} replicas` : "Redis is found by Sentinel";
  if (redisOverlapMs === undefined) {
    return `${what}, and for how long a primary that was replaced may renew leases is not known: set ${howLong}`;
  }
  const needed = replicasOfMajority(replicas);
  if (minReplicasToWrite !== null && Math.max(minReplicasToWrite, redisWaitReplicas) < needed) {
    const alone = needed === 1 ? "from them" : `with fewer than ${needed} of them`;
    return `${what}, and a primary that was cut off ${alone} renews leases for ever: set min-replicas-to-write in Redis to at least ${needed}`;
  }
  const lagMs = minReplicasToWrite === 0 ? 0 : (minReplicasMaxLagMs ?? 0);
  if (redisOverlapMs < lagMs) {
    return `redisOverlapMs is ${redisOverlapMs}, and Redis' min-replicas-max-lag alone is ${lagMs} ms: set ${howLong}`;
  }
  return null;
}

/** So many replicas and their primary are more than half of all: where they are together, no other can be promoted. */
function replicasOfMajority(replicas: number): number {
  return Math.max(1, Math.floor((replicas + 1) / 2));
}
