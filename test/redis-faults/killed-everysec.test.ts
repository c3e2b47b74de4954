/** A Redis that writes to disk once a second is killed: what the system had of it is there, and what is there counts once. */
import { expect, test } from "vitest";
import { startRedis } from "../harness/redis.ts";
import { playScenario, scenarioMs } from "../harness/scenario.ts";
import { survive } from "./outage.ts";

/** From the new process that serves to the first acknowledged submission. */
const recoveredWithinMs = 6_000;

test("a Redis with everysec is killed and comes back", { timeout: scenarioMs }, async () => {
  await using redis = await startRedis({ settings: { appendfsync: "everysec" } });
  await playScenario({ agents: 2, redisUrl: redis.url }, async (scene) => {
    const first = await scene.leader();
    await survive(scene, {
      name: "killed",
      begin: () => redis.kill(),
      heal: () => redis.restart(),
      recoveredWithinMs,
    });
    expect((await scene.leader()).epoch).toBeGreaterThan(first.epoch);
  });
});
