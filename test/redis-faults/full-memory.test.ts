/** Redis reaches its `maxmemory`: submissions are refused before, and what runs comes to its end. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";
import { survive } from "./outage.ts";
import { redisCommand } from "./redis-command.ts";

/** How often coordinators ask how full Redis is, and the next submission. */
const recoveredWithinMs = 3_000;

scenario(
  "a full Redis refuses new tasks, keeps its leader, and takes the ends when it has room",
  { agents: 2 },
  async (scene) => {
    const { cluster, traces } = scene;
    const socket = { path: cluster.redisUrl.replace("redis+unix://", "") };
    const usedBytes = async () => Number(/used_memory:(\d+)/.exec(await redisCommand(socket, "INFO", "memory"))?.[1]);
    const limit = (bytes: number) => redisCommand(socket, "CONFIG", "SET", "maxmemory", String(Math.ceil(bytes)));
    const first = await scene.leader();

    await survive(scene, {
      name: "almost-full",
      begin: async () => void (await limit((await usedBytes()) / 0.9)),
      heal: async () => void (await limit(0)),
      refusedAs: "resourceExhausted",
      recoveredWithinMs,
    });

    const ids = await scene.submitMany(3, traces.gated());
    await traces.eachHas("a run of each task", ids);
    await until("that all are known to run", async () =>
      (await states(ids)).every((state) => state === "TASK_STATE_RUNNING"),
    );
    await limit((await usedBytes()) * 0.9);
    traces.openGate();
    await traces.eachHas("an end of each task", ids, ({ endedAtNs }) => endedAtNs !== null);
    await until("a commit that Redis had no room for", () => scene.logOf(first.member).includes("out of memory"));
    const { epoch } = await scene.leader();
    expect(epoch, "the lease should be renewed on a full Redis").toBe(first.epoch);
    expect(await states(ids), "what is not durable should not be told").toEqual(ids.map(() => "TASK_STATE_RUNNING"));

    await limit(0);
    const ended = await scene.ends(ids);
    expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
    expect(completions(traces, ids)).toEqual(ids.map(() => 1));
    expect(traces.runs(ids)).toHaveLength(ids.length);
    expect(await scene.leader(), "a full Redis should cost no leadership").toEqual(first);

    async function states(taskIds: readonly string[]): Promise<(string | undefined)[]> {
      return Promise.all(taskIds.map(async (id) => (await scene.task(id)).state));
    }
  },
);
