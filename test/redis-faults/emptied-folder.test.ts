/** Redis is emptied, and a coordinator has lost its folder as well: it cannot tell a new cluster from an old one, and asks. */
import { rmSync } from "node:fs";
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { redisCommand } from "./redis-command.ts";

/** Longer than a coordinator takes to begin a log where nobody knows of one. */
const unledForMs = 8_000;

scenario("who has forgotten everything begins no log while others know of one", { agents: 1 }, async (scene) => {
  const { cluster } = scene;
  const [forgetful] = cluster.coordinators;
  if (forgetful === undefined) throw new Error("expected a coordinator");
  const kept = await scene.submit(scene.traces.gated());
  await forgetful.kill();
  await redisCommand({ path: cluster.redisUrl.replace("redis+unix://", "") }, "FLUSHALL");
  rmSync(cluster.layout.dataOf(forgetful.id), { recursive: true });
  await forgetful.start();

  await until("that it says why it does not lead", () =>
    /the store is empty, but [^"]* (belongs to|know of) a log/.test(scene.logOf(forgetful)),
  );
  const sinceMs = performance.now();
  const others = scene.clientOf(cluster.coordinators.slice(1));
  await until("the time in which it would have begun one", () => performance.now() - sinceMs > unledForMs);
  const { leaderId } = await others.cluster.status();
  expect(leaderId, "nobody should lead on nothing").toBe("");
  expect((await scene.task(kept, others)).id, "what was committed before is still told").toBe(kept);
});
