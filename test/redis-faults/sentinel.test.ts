/** Redis with two replicas and a Sentinel: its primary is killed, comes back, is moved on purpose, and hangs. */
import { expect, test } from "vitest";
import { type RedisServer, startRedis, startSentinel } from "../harness/redis.ts";
import { playScenario, type Scenario, scenarioMs } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { eventually, until } from "../harness/waiting.ts";
import { survive } from "./outage.ts";
import { redisCommand } from "./redis-command.ts";

/** From the primary's death: the Sentinel's 1 s and its fail-over of about 1 s, the redial, and what is left of a lease. */
const recoveredWithinMs = 10_000;
/** A primary that has lost its replicas takes no writes: what it took would be lost with it. */
const settings = { "min-replicas-to-write": "1", "min-replicas-max-lag": "3" };

interface Watched {
  readonly servers: readonly RedisServer[];
  /** The Sentinel's. */
  readonly port: number;
}

test("a Redis with replicas fails over under a cluster, and the old primary may return", {
  timeout: scenarioMs,
}, async () => {
  await using first = await startRedis({ tcp: true, settings });
  const replicaof = { ...settings, replicaof: `127.0.0.1 ${first.port}` };
  await using second = await startRedis({ tcp: true, settings: replicaof });
  await using third = await startRedis({ tcp: true, settings: replicaof });
  await until("two replicas that follow", async () => /connected_slaves:2/.test(await replication(first)));
  await using sentinel = await startSentinel(first);
  const port = Number(/:(\d+)\//.exec(sentinel.url)?.[1]);
  const watched: Watched = { servers: [first, second, third], port };
  await until("a Sentinel that knows both replicas", async () =>
    /slaves=2/.test(await redisCommand({ host: "127.0.0.1", port }, "INFO", "sentinel")),
  );

  const options = { agents: 2, redisUrl: sentinel.url, coordinatorSettings: { redisWaitReplicas: 1 } };
  await playScenario(options, async (scene) => {
    const kept = await scene.submitMany(10, scene.traces.gated());
    await scene.traces.eachHas("a run of each task", kept);
    await survive(scene, {
      name: "primary-killed",
      begin: () => first.kill(),
      heal: () => {},
      recoveredWithinMs,
    });

    const led = await scene.leader();
    await first.restart();
    await until("that the old primary follows the new one", async () => /role:slave/.test(await replication(first)));
    expect(await scene.leader(), "an old primary's return should end no leadership").toEqual(led);

    await failOverInOrder(scene, watched);
    const primary = await primaryOf(watched);
    await survive(scene, {
      name: "primary-hung",
      begin: () => primary.pause(),
      meanwhile: async () => void (await primaryOf(watched, primary)),
      heal: () => primary.resume(),
      recoveredWithinMs,
    });
    await until("that it follows, too", async () => /role:slave/.test(await replication(primary)));

    scene.traces.openGate();
    const ended = await scene.ends(kept);
    expect(ended.map(({ state }) => state)).toEqual(kept.map(() => "TASK_STATE_SUCCEEDED"));
    expect(completions(scene.traces, kept)).toEqual(kept.map(() => 1));
    expect(scene.traces.runs(kept), "nothing should have been started twice").toHaveLength(kept.length);
  });
});

/** Submits all the time while an operator has the primary moved: each is acknowledged in the end, and runs once. */
async function failOverInOrder(scene: Scenario, watched: Watched): Promise<void> {
  const before = await primaryOf(watched);
  const { client, traces } = scene;
  let moved = false;
  const ids: string[] = [];
  const submitting = (async () => {
    for (let number = 0; !moved || number < 20; number += 1) {
      const requestId = `moved-${number}`;
      const taskId = await eventually("a submission that is acknowledged", async () => {
        return (await client.tasks.submit({ requestId, spec: traces.running() })).taskId;
      });
      ids.push(taskId);
      await traces.eachHas("a run of the task", [taskId]);
    }
  })();
  await redisCommand({ host: "127.0.0.1", port: watched.port }, "SENTINEL", "FAILOVER", "main");
  await primaryOf(watched, before);
  moved = true;
  await submitting;
  expect((await scene.ends(ids)).map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
  expect(traces.runs(ids)).toHaveLength(ids.length);
}

/** The one that the Sentinel names, as soon as it is another than `before`, says so itself, and is followed by a replica. */
async function primaryOf({ servers, port }: Watched, before?: RedisServer): Promise<RedisServer> {
  return eventually("a primary that is followed", async () => {
    const watched = await redisCommand({ host: "127.0.0.1", port }, "INFO", "sentinel");
    const address = Number(/address=127\.0\.0\.1:(\d+)/.exec(watched)?.[1]);
    const named = servers.find((server) => server.port === address);
    if (named === undefined || named === before) return undefined;
    return /role:master.*state=online/s.test(await replication(named)) ? named : undefined;
  });
}

async function replication({ port }: RedisServer): Promise<string> {
  return await redisCommand({ host: "127.0.0.1", port }, "INFO", "replication");
}
