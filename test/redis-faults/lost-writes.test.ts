/** Redis comes back as it was some time ago: what it has lost since is in the coordinators' journals, and is given back. */
import { expect } from "vitest";
import { type Scenario, scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { eventually } from "../harness/waiting.ts";
import { expectMerged, findTask, restore, snapshotOf, submitUnder } from "./mending.ts";
import { waiting } from "./outage.ts";

scenario("a Redis that comes back without its last writes", { agents: 2 }, async (scene) => {
  const { cluster, client, traces } = scene;
  const before = await scene.submitMany(4, traces.gated());
  await traces.eachHas("a run of each task", before);
  const snapshot = snapshotOf(scene);

  const [cancelled = "", ...kept] = before;
  const running = await scene.submitMany(4, traces.gated());
  await traces.eachHas("a run of each task", running);
  const done = await scene.submitMany(4, traces.running());
  await scene.ends(done);
  const pending = await submitUnder(scene, "pending", waiting);
  await client.tasks.cancel({ taskId: cancelled });
  await scene.ends([cancelled]);
  const doomed = await scene.submit(traces.running());
  await scene.ends([doomed]);

  await cluster.redis?.kill();
  restore(scene, snapshot);
  await cluster.restartRedis();

  const acknowledged = [...before, ...running, ...done, pending, doomed];
  await expectMerged(scene);
  for (const id of acknowledged) expect((await findTask(scene, id)).id).toBe(id);
  expect(await submitUnder(scene, "pending", waiting), "the same request is the same task").toBe(pending);
  const states = await Promise.all([cancelled, ...done].map(async (id) => (await findTask(scene, id)).state));
  expect(states).toEqual(["TASK_STATE_CANCELLED", ...done.map(() => "TASK_STATE_SUCCEEDED")]);

  traces.openGate();
  const live = [...kept, ...running];
  expect((await scene.ends(live)).map(({ state }) => state)).toEqual(live.map(() => "TASK_STATE_SUCCEEDED"));
  const worked = [...live, ...done, doomed];
  expect(completions(traces, worked), "nothing should have been done twice").toEqual(worked.map(() => 1));
  expect(traces.runs(worked), "nothing should have been started twice").toHaveLength(worked.length);
  await expectRevisionsToGoOn(scene);
});

/** Whoever has read or written before is served by every coordinator after. */
async function expectRevisionsToGoOn(scene: Scenario): Promise<void> {
  for (const member of scene.cluster.coordinators) {
    const fresh = await scene.submit(scene.traces.running(), scene.client);
    const only = scene.clientOf([member]);
    await eventually(`the new task at ${member.id}`, async () => (await only.tasks.get({ taskId: fresh })).task?.id);
  }
}
