/** A machine dies: its agent and all that ran there are gone at once. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";

const lostAfterMs = 3_000;
/** From silence to the new start; beats are a second apart, and this machine may be busy. */
const boundMs = lostAfterMs + 2_000;

scenario("tasks of a node that dies run elsewhere, each once to its end", {}, async (scene) => {
  const { cluster, client, events, traces } = scene;
  const ids = await scene.submitMany(9, traces.gated());
  const first = await traces.eachHas("a run of each task", ids);
  const victim = cluster.agent(first[0]?.nodeId ?? "");
  const hit = first.filter(({ nodeId }) => nodeId === victim.id);

  const killedAtMs = Date.now();
  await victim.killNode();
  const lost = await events.seen("node.lost", victim.id);
  const again = await traces.eachHas(
    "another run of each task of the dead node",
    hit.map(({ taskId }) => taskId),
    ({ attempt }) => attempt === 2,
  );

  expect((lost.atMs ?? 0) - killedAtMs, "the node should have been lost within the bound").toBeLessThan(boundMs);
  for (const run of again) {
    expect(run.nodeId, "a task of a dead node should run on another").not.toBe(victim.id);
    const elsewhereMs = Number(run.startedAtNs / 1_000_000n) - killedAtMs;
    expect(elsewhereMs, "it should run elsewhere within the bound").toBeLessThan(boundMs);
  }
  expect((await client.nodes.get({ nodeId: victim.id })).node?.state).toBe("NODE_STATE_LOST");

  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(completions(traces, ids), "each task should have come to its end once").toEqual(ids.map(() => 1));
  const untouched = ids.filter((id) => !hit.some(({ taskId }) => taskId === id));
  expect(traces.runs(untouched), "tasks of other nodes should have run once").toHaveLength(untouched.length);
  expect(
    events
      .of("task.reassigned")
      .map(({ subject }) => subject)
      .sort(),
  ).toEqual(hit.map(({ taskId }) => taskId).sort());
});
