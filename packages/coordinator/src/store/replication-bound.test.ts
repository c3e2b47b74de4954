import { expect, test } from "vitest";
import { type OverlapSettings, whyUnbounded } from "./replication-bound.ts";
import type { StoreReplication } from "./store.ts";

const alone: StoreReplication = { replicas: 0, bySentinel: false, minReplicasToWrite: 0, minReplicasMaxLagMs: 10_000 };
const copied: StoreReplication = { ...alone, replicas: 2, minReplicasToWrite: 1 };
const bounded: OverlapSettings = { redisOverlapMs: 190_000, redisWaitReplicas: 0 };
const nothingSet: OverlapSettings = { redisWaitReplicas: 0 };

test.each<[string, StoreReplication, OverlapSettings]>([
  ["a Redis without replicas", alone, nothingSet],
  ["replicas that writes need, and an overlap", copied, bounded],
  [
    "leases that replicas must have, and an overlap",
    { ...copied, minReplicasToWrite: 0 },
    { ...bounded, redisWaitReplicas: 1 },
  ],
  ["half of four replicas that writes need", { ...copied, replicas: 4, minReplicasToWrite: 2 }, bounded],
  ["leases that half of four must have", { ...copied, replicas: 4 }, { ...bounded, redisWaitReplicas: 2 }],
  [
    "a Redis that does not tell, and an overlap",
    { ...copied, minReplicasToWrite: null, minReplicasMaxLagMs: null },
    bounded,
  ],
])("bounded: %s", (_, replication, settings) => {
  expect(whyUnbounded(replication, settings)).toBeNull();
});

test.each<[string, StoreReplication, OverlapSettings, RegExp]>([
  ["no overlap is set", copied, nothingSet, /^Redis has 2 replicas, .*: set redisOverlapMs, to at least/],
  ["replicas may come", { ...alone, bySentinel: true }, nothingSet, /^Redis is found by Sentinel, .*redisOverlapMs/],
  ["a primary without replicas goes on", { ...copied, minReplicasToWrite: 0 }, bounded, /set min-replicas-to-write/],
  [
    "a primary goes on with the replica that was cut off with it",
    { ...copied, replicas: 4 },
    bounded,
    /^Redis has 4 replicas, and a primary that was cut off with fewer than 2 of them .* min-replicas-to-write .* at least 2$/,
  ],
  ["an overlap below the lag", copied, { ...bounded, redisOverlapMs: 5_000 }, /^redisOverlapMs is 5000, .*10000 ms/],
])("not bounded: %s", (_, replication, settings, reason) => {
  expect(whyUnbounded(replication, settings)).toMatch(reason);
});
