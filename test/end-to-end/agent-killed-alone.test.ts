/** An agent's process dies, and its tasks do not: the next agent finds them and reports their ends. */
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";

scenario("tasks outlive an agent that is killed, and are found again by the next", { agents: 1 }, async (scene) => {
  const { cluster, events, traces } = scene;
  const ids = await scene.submitMany(4, traces.gated());
  const first = await traces.eachHas("a run of each task", ids);
  const processes = first.map(({ pid }) => identityOf(pid));
  const agent = cluster.agent("node-1");
  const agentBefore = agent.pid;

  await agent.kill();
  await events.seen("node.lost", agent.id);
  expect(alive(processes), "the tasks should run on without their agent").toHaveLength(ids.length);
  await agent.start();
  await events.seen("node.returned", agent.id);
  for (const id of ids) await scene.taskThat("runs again", id, ({ state }) => state === "TASK_STATE_RUNNING");

  expect(agent.pid, "it should be another agent process").not.toBe(agentBefore);
  expect(alive(processes), "the same processes should run").toHaveLength(ids.length);
  expect(
    events
      .of("task.kept")
      .map(({ subject }) => subject)
      .sort(),
  ).toEqual([...ids].sort());
  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(traces.runs(ids), "no task should have run a second time").toHaveLength(ids.length);
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
});
