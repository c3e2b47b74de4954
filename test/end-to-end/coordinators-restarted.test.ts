/** All coordinators die at once: tasks go on, and what they came to is told when there are coordinators again. */
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { scenario } from "../harness/scenario.ts";
import { completed, completions } from "../harness/traces.ts";

scenario("results wait for the coordinators to return", { agents: 2 }, async (scene) => {
  const { cluster, events, traces } = scene;
  const ids = await scene.submitMany(6, traces.gated());
  const processes = (await traces.eachHas("a run of each task", ids)).map(({ pid }) => identityOf(pid));
  const old = await scene.leader();

  await Promise.all(cluster.coordinators.map((coordinator) => coordinator.kill()));
  expect(alive(processes), "tasks should run on without coordinators").toHaveLength(ids.length);
  traces.openGate();
  await traces.eachHas("an end of each task", ids, ({ endedAtNs }) => endedAtNs !== null);
  await Promise.all(cluster.coordinators.map((coordinator) => coordinator.start()));
  await cluster.ready();

  await scene.nextLeader(old.epoch);
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
  expect(completed(traces.runs(ids)), "nothing should have run a second time").toEqual(traces.runs(ids));
  const late = await scene.submit(traces.running());
  expect((await scene.ends([late])).map(({ state }) => state)).toEqual(["TASK_STATE_SUCCEEDED"]);
  expect(events.of("node.lost"), "nodes that nobody could hear are not lost").toEqual([]);
});
