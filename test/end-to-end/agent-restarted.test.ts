/** An agent is restarted in order, as for an upgrade: it says that it will be back, and its tasks wait for it running. */
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";

scenario("tasks run on through a restart of their agent", { agents: 2 }, async (scene) => {
  const { cluster, client, events, traces } = scene;
  const ids = await scene.submitMany(6, traces.gated());
  const first = await traces.eachHas("a run of each task", ids);
  const processes = first.map(({ pid }) => identityOf(pid));
  const agent = cluster.agent(first[0]?.nodeId ?? "");

  await agent.stop();
  await events.seen("node.away", agent.id);
  expect((await client.nodes.get({ nodeId: agent.id })).node?.state).toBe("NODE_STATE_AWAY");
  expect(alive(processes), "the tasks should run on without their agent").toHaveLength(ids.length);
  await agent.start();
  await events.seen("node.returned", agent.id);
  await cluster.ready();

  expect(alive(processes), "the same processes should run").toHaveLength(ids.length);
  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(traces.runs(ids), "nothing should have run a second time").toHaveLength(ids.length);
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
  expect([...events.of("node.lost"), ...events.of("task.reassigned")]).toEqual([]);
});
