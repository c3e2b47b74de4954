/** Redis answers, but takes no writes: it was made a replica, or has lost the replicas that it must have. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { expectReadsWithAge, survive, waiting } from "./outage.ts";
import { redisCommand } from "./redis-command.ts";

const recoveredWithinMs = 5_000;
const gone = "the store does not answer";
const back = "the store answers again";

function told(log: string, what: string): number {
  return log.split(what).length - 1;
}

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
  // A standby that reads and never stood for the lease has noticed nothing. Whoever noticed must tell of the end.
  await until("that each outage that a coordinator told of, it told the end of", () =>
    cluster.coordinators.every((member) => told(scene.logOf(member), gone) === told(scene.logOf(member), back)),
  );
  const times = cluster.coordinators.map((member) => told(scene.logOf(member), back));
  expect(Math.max(...times), "the leaders of both outages should have noticed").toBeGreaterThan(0);
  expect(Math.max(...times), "each outage should be told once, not with each try").toBeLessThanOrEqual(4);
});
