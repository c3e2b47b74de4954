/** A replica that is behind becomes the primary: what it never got is in the coordinators' journals. */
import { expect, test } from "vitest";
import { startRedis, startSentinel } from "../harness/redis.ts";
import { playScenario, scenarioMs } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";
import { expectMerged, findTask, submitUnder } from "./mending.ts";
import { waiting } from "./outage.ts";
import { redisCommand } from "./redis-command.ts";

/** Long enough for the replica to be cut off before, and still to count as one that may be promoted. */
const downAfterMs = 3_000;

test("a lagging replica is promoted, and nothing that was acknowledged is lost", { timeout: scenarioMs }, async () => {
  await using primary = await startRedis({ tcp: true });
  const atPrimary = { host: "127.0.0.1", port: primary.port };
  await redisCommand(atPrimary, "ACL", "SETUSER", "replica", "on", ">secret", "+psync", "+replconf", "+ping");
  const login = { masteruser: "replica", masterauth: "secret" };
  await using replica = await startRedis({
    tcp: true,
    settings: { replicaof: `127.0.0.1 ${primary.port}`, ...login },
  });
  await until("a replica that follows", async () =>
    /state=online/.test(await redisCommand(atPrimary, "INFO", "replication")),
  );
  await using sentinel = await startSentinel(primary, downAfterMs);
  const atSentinel = { host: "127.0.0.1", port: Number(/:(\d+)\//.exec(sentinel.url)?.[1]) };
  await until("a Sentinel that knows the replica", async () =>
    /slaves=1/.test(await redisCommand(atSentinel, "INFO", "sentinel")),
  );

  await playScenario({ agents: 2, redisUrl: sentinel.url }, async (scene) => {
    const { traces } = scene;
    const before = await scene.submitMany(3, traces.gated());
    await traces.eachHas("a run of each task", before);
    await redisCommand(atPrimary, "ACL", "SETUSER", "replica", "off");
    await redisCommand(atPrimary, "CLIENT", "KILL", "TYPE", "replica");

    const running = await scene.submitMany(3, traces.gated());
    await traces.eachHas("a run of each task", running);
    const done = await scene.submitMany(3, traces.running());
    await scene.ends(done);
    const pending = await submitUnder(scene, "pending", waiting);
    await primary.kill();
    await until("that the replica is the primary", async () =>
      /role:master/.test(await redisCommand({ host: "127.0.0.1", port: replica.port }, "INFO", "replication")),
    );

    await expectMerged(scene);
    for (const id of [...before, ...running, ...done, pending]) expect((await findTask(scene, id)).id).toBe(id);
    expect(await submitUnder(scene, "pending", waiting), "the same request is the same task").toBe(pending);
    traces.openGate();
    const worked = [...before, ...running, ...done];
    expect((await scene.ends(worked)).map(({ state }) => state)).toEqual(worked.map(() => "TASK_STATE_SUCCEEDED"));
    expect(completions(traces, worked), "nothing should have been done twice").toEqual(worked.map(() => 1));
    expect(traces.runs(worked), "nothing should have been started twice").toHaveLength(worked.length);
  });
});
