/**
 * A history that went another way: Redis is restored from a backup, and goes on under coordinators that know nothing of what it
 * has lost. Then the one comes back whose journal holds it.
 */
import { rmSync } from "node:fs";
import { expect } from "vitest";
import { type Scenario, scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { eventually, until } from "../harness/waiting.ts";
import { eventsNow, findTask, restore, snapshotOf, submitUnder } from "./mending.ts";

scenario("two histories of one log become one", { agents: 2 }, async (scene) => {
  const { cluster, traces } = scene;
  const [holder, ...others] = cluster.coordinators;
  if (holder === undefined) throw new Error("expected a coordinator");
  const common = await scene.submitMany(2, traces.gated());
  await traces.eachHas("a run of each task", common);
  const snapshot = snapshotOf(scene);

  const lostRunning = await scene.submit(traces.gated());
  await traces.eachHas("a run of the task", [lostRunning]);
  const lostDone = await scene.submit(traces.running());
  await scene.ends([lostDone]);
  const lostTwice = await submitUnder(scene, "asked-twice", traces.gated());
  await traces.eachHas("a run of the task", [lostTwice]);

  await Promise.all([holder.kill(), ...others.map((member) => member.kill())]);
  await cluster.redis?.kill();
  restore(scene, snapshot);
  for (const member of others) forgetEverything(scene, member.id);
  await cluster.restartRedis();
  await Promise.all(others.map((member) => member.start()));
  const client = scene.clientOf(others);
  await scene.statusThat("submissions are taken again", ({ leaderId }) => leaderId !== "", client);
  const ours = await eventually("an acknowledgement", async () => {
    return (await client.tasks.submit({ requestId: "asked-twice", spec: traces.gated() })).taskId;
  });
  await traces.eachHas("a run of the task", [ours]);
  expect(ours, "these coordinators cannot know of the first").not.toBe(lostTwice);

  await holder.start();
  await until("that what only its journal held is merged", async () => {
    return (await eventsNow(client)).some(({ kind, subject }) => kind === "storage.merged" && subject === holder.id);
  });
  expect((await findTask(scene, lostDone, client)).state, "an acknowledged result").toBe("TASK_STATE_SUCCEEDED");
  const superseded = await scene.taskThat(
    "is superseded",
    lostTwice,
    ({ state }) => state === "TASK_STATE_CANCELLED",
    client,
  );
  expect(superseded.reason).toContain(ours);
  expect(await submitUnder({ client }, "asked-twice", traces.gated()), "a request has one answer").toBe(ours);

  traces.openGate();
  const worked = [...common, lostRunning, ours];
  const ended = await scene.ends(worked, client);
  expect(ended.map(({ state }) => state)).toEqual(worked.map(() => "TASK_STATE_SUCCEEDED"));
  expect(completions(traces, [...worked, lostDone, lostTwice]), "nothing should have been done twice").toEqual([
    ...worked.map(() => 1),
    1,
    0,
  ]);
  expect(traces.runs(common), "what both histories know should have run on").toHaveLength(common.length);
});

function forgetEverything({ cluster }: Scenario, coordinatorId: string): void {
  rmSync(cluster.layout.dataOf(coordinatorId), { recursive: true });
}
