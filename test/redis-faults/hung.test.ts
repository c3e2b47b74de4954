/** Redis does not answer for a while: it is stopped, or busy with a script. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";
import { expectReadsWithAge, survive, waiting } from "./outage.ts";
import { redisCommand } from "./redis-command.ts";

/** From the end of a hang to the first acknowledged submission: an election and the redial of Redis. */
const recoveredWithinMs = 5_000;

/** Keeps Redis busy for so long. It writes nothing, so that an operator could kill it. */
const busyScript = `
local begun = redis.call('TIME')
repeat
  local now = redis.call('TIME')
until (now[1] - begun[1]) * 1000 + (now[2] - begun[2]) / 1000 > tonumber(ARGV[1])
return 'done'`;

scenario("Redis hangs or is slow, for less and for more than the lease", { agents: 2 }, async (scene) => {
  const { cluster, traces } = scene;
  const redis = cluster.redis;
  if (redis === null) throw new Error("expected a Redis of the cluster's own");
  const socket = { path: cluster.redisUrl.replace("redis+unix://", "") };
  const hold = (ms: number) => redisCommand(socket, "EVAL", busyScript, "0", String(ms));
  const known = await scene.submit(waiting);
  const first = await scene.leader();
  const toLeader = scene.connectionTo(first.member);
  expect(await toLeader.connected(5_000), "a connection to the leader").toBe(true);

  // Where it was submitted, a task can be read at once.
  const leader = scene.clientOf([first.member]);

  // Shorter than a command may take: what is asked meanwhile is answered late, and nothing else is noticed.
  for (const pause of [hungFor(redis, 600), hold(600)]) {
    const taskId = await scene.submitOnce(toLeader, `short-${traces.taskIds.length}`, traces.running());
    await pause;
    expect((await scene.ends([taskId], leader)).map(({ state }) => state)).toEqual(["TASK_STATE_SUCCEEDED"]);
    expect(completions(traces, [taskId])).toEqual([1]);
  }
  expect(await scene.leader(), "a short hang should not end the leadership").toEqual(first);

  await survive(scene, {
    name: "hung",
    begin: () => redis.pause(),
    meanwhile: () => expectReadsWithAge(scene, known),
    heal: () => redis.resume(),
    recoveredWithinMs,
  });
  const second = await scene.nextLeader(first.epoch);

  let script: Promise<unknown> = Promise.resolve();
  await survive(scene, {
    name: "slow",
    begin: () => {
      script = hold(4_000);
    },
    // Every command was in vain as long as it ran.
    heal: async () => void (await script),
    recoveredWithinMs,
  });
  await scene.nextLeader(second.epoch);
});

async function hungFor(redis: { pause(): void; resume(): void }, ms: number): Promise<void> {
  redis.pause();
  const untilMs = performance.now() + ms;
  await until("the end of the pause", () => performance.now() >= untilMs);
  redis.resume();
}
