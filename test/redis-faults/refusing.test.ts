/** Redis answers, but takes no writes: it was made a replica, or has lost the replicas that it must have. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { expectReadsWithAge, survive, waiting } from "./outage.ts";
import { redisCommand } from "./redis-command.ts";

const recoveredWithinMs = 5_000;

scenario("a Redis that is read-only, or misses its replicas, is waited for", { agents: 2 }, async (scene) => {
  const { cluster } = scene;
  const socket = { path: cluster.redisUrl.replace("redis+unix://", "") };
  const known = await scene.submit(waiting);
  const first = await scene.leader();

  await survive(scene, {
    name: "read-only",
    // Of a primary that does not exist: it keeps what it has.
    begin: async () => void (await redisCommand(socket, "REPLICAOF", "127.0.0.1", "1")),
    meanwhile: () => expectReadsWithAge(scene, known),
    heal: async () => void (await redisCommand(socket, "REPLICAOF", "NO", "ONE")),
    recoveredWithinMs,
  });
  const second = await scene.nextLeader(first.epoch);

  await survive(scene, {
    name: "without-replicas",
    begin: async () => void (await redisCommand(socket, "CONFIG", "SET", "min-replicas-to-write", "1")),
    heal: async () => void (await redisCommand(socket, "CONFIG", "SET", "min-replicas-to-write", "0")),
    recoveredWithinMs,
  });
  expect((await scene.leader()).epoch).toBeGreaterThan(second.epoch);
  await until("that each coordinator has told of the outage and of its end", () =>
    cluster.coordinators.every((member) => scene.logOf(member).includes("the store answers again")),
  );
});
