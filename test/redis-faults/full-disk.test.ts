/** The disk under Redis is full. It has one of its own, of 16 MiB, for which root is needed. */
import { expect, test } from "vitest";
import { startRedis } from "../harness/redis.ts";
import { playScenario, scenarioMs } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { survive } from "./outage.ts";
import { SmallDisk } from "./small-disk.ts";

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("not run: full-disk.test.ts needs root, to mount a small file system");

/** Redis tries its disk again every 100 ms; then the lease runs out that the last leader held. */
const recoveredWithinMs = 8_000;

test.runIf(isRoot)("a Redis that cannot write to its disk is waited for", { timeout: scenarioMs }, async () => {
  using disk = new SmallDisk("16m");
  await using redis = await startRedis({ settings: { dir: disk.folder, appendfsync: "everysec" } });
  await playScenario({ agents: 2, redisUrl: redis.url }, async (scene) => {
    // It goes on serving, and refuses every write: MISCONF.
    await survive(scene, {
      name: "full-disk",
      begin: () => disk.fill(),
      heal: () => disk.free(),
      recoveredWithinMs,
    });
  });
});

test.runIf(isRoot)(
  "a Redis that ends itself on a full disk has all that it answered",
  { timeout: scenarioMs },
  async () => {
    using disk = new SmallDisk("16m");
    await using redis = await startRedis({ settings: { dir: disk.folder, appendfsync: "always" } });
    await playScenario({ agents: 2, redisUrl: redis.url }, async (scene) => {
      const known = await scene.submitMany(50, scene.traces.running());
      await scene.ends(known);
      // What it has answered must be on disk, so it does not go on.
      const pid = redis.pid;
      await survive(scene, {
        name: "full-disk-always",
        begin: () => disk.fill(),
        meanwhile: () => until("that Redis has ended itself", () => !lives(pid)),
        heal: async () => {
          disk.free();
          await redis.restart();
        },
        recoveredWithinMs,
      });
      expect((await scene.ends(known)).map(({ state }) => state)).toEqual(known.map(() => "TASK_STATE_SUCCEEDED"));
    });
  },
);

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
