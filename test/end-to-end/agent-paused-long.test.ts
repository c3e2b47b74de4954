/** An agent hangs for twenty seconds: its tasks run elsewhere, and when it is back what it still ran is stopped. */
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { scenario } from "../harness/scenario.ts";
import { completed, completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";

const pauseMs = 20_000;
const goneWithinMs = 5_000;

scenario("what was superseded while an agent hung for 20 s is gone soon after", { agents: 2 }, async (scene) => {
  const { cluster, client, events, traces } = scene;
  const ids = await scene.submitMany(6, traces.gated());
  const first = await traces.eachHas("a run of each task", ids);
  const agent = cluster.agent(first[0]?.nodeId ?? "");
  const hit = first.filter(({ nodeId }) => nodeId === agent.id);
  const processes = hit.map(({ pid }) => identityOf(pid));
  const hitIds = hit.map(({ taskId }) => taskId);

  agent.pause();
  await events.seen("node.lost", agent.id);
  const second = await traces.eachHas("a run of each task elsewhere", hitIds, ({ attempt }) => attempt === 2);
  expect(second.filter(({ nodeId }) => nodeId === agent.id)).toEqual([]);
  expect(alive(processes), "tasks should run on while their agent hangs").toHaveLength(hit.length);
  await until(`silence of ${pauseMs} ms`, async () => {
    const { node } = await client.nodes.get({ nodeId: agent.id });
    return (node?.lastBeatAgeMs ?? 0) >= pauseMs;
  });

  agent.resume();
  await until("the end of what was superseded", () => alive(processes).length === 0, { withinMs: goneWithinMs });
  await events.seen("node.returned", agent.id);
  expect(alive(second.map(({ pid }) => identityOf(pid))), "what replaced it should run on").toHaveLength(hit.length);

  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
  expect(completed(traces.runs(hitIds)).map(({ attempt }) => attempt)).toEqual(hit.map(() => 2));
});
