/** What follows from how full the storage is, and from how it is replicated. */
import { expect, test } from "vitest";
import type { Heard } from "./core/event.ts";
import type { StoreMemory, StoreReplication } from "./store/store.ts";
import { StoreWatch } from "./store-watch.ts";

const alone: StoreReplication = { replicas: 0, bySentinel: false, minReplicasToWrite: 0, minReplicasMaxLagMs: 0 };

function bench() {
  const heard: Heard[] = [];
  const warnings: string[] = [];
  const server: { memory: StoreMemory; replication: StoreReplication } = {
    memory: { usedBytes: 10, limitBytes: 100 },
    replication: alone,
  };
  const watch = new StoreWatch({
    store: { memory: async () => server.memory, replication: async () => server.replication },
    settings: { submitMemoryFraction: 0.8, redisWaitReplicas: 0 },
    hear: (one) => heard.push(one),
    log: { warn: (_, message) => void warnings.push(message) },
  });
  return { server, watch, heard, warnings };
}

test("above the fraction only what makes tasks is refused, and it is told once", async () => {
  const { server, watch, warnings } = bench();
  await watch.look();
  watch.requireRoom("submit");
  server.memory = { usedBytes: 81, limitBytes: 100 };
  await watch.look();
  await watch.look();
  for (const kind of ["submit", "submitBatch", "retry"] as const) {
    expect(() => watch.requireRoom(kind), kind).toThrow(/almost full/);
  }
  for (const kind of ["cancel", "cordon", "resumePlacement"] as const) watch.requireRoom(kind);
  expect(warnings).toHaveLength(1);
  server.memory = { usedBytes: 81, limitBytes: 0 };
  await watch.look();
  watch.requireRoom("submit");
});

test("exclusive tasks wait for what is known of the replicas, and then for what is wrong with them", async () => {
  const { server, watch, heard, warnings } = bench();
  expect(heard).toMatchObject([{ kind: "exclusiveObstacle", reason: expect.stringContaining("not known yet") }]);
  await watch.look();
  expect(heard.at(-1)).toEqual({ kind: "exclusiveObstacle", reason: "" });
  server.replication = { ...alone, replicas: 2 };
  await watch.look();
  await watch.look();
  expect(heard.at(-1)).toMatchObject({ reason: expect.stringContaining("redisOverlapMs") });
  expect(warnings).toHaveLength(1);
});
