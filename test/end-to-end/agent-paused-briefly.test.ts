/** An agent hangs for two seconds, which is less than it takes to be lost: it is suspected, and nothing else happens. */
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";

const pauseMs = 2_000;
/** Stopped just behind a beat, so that the silence is as long as the pause. */
const freshMs = 200;

scenario("an agent that hangs for 2 s loses nothing", { agents: 2 }, async (scene) => {
  const { cluster, client, events, traces } = scene;
  const ids = await scene.submitMany(4, traces.gated());
  const first = await traces.eachHas("a run of each task", ids);
  const processes = first.map(({ pid }) => identityOf(pid));
  const agent = cluster.agent(first[0]?.nodeId ?? "");
  const observer = scene.clientOf([(await scene.leader()).member]);
  const states = new Set<string>();
  const silenceMs = async (): Promise<number> => {
    const { node } = await observer.nodes.get({ nodeId: agent.id });
    states.add(node?.state ?? "");
    return node?.lastBeatAgeMs ?? 0;
  };

  await until("a beat that has just come", async () => (await silenceMs()) < freshMs);
  agent.pause();
  await until(`silence of ${pauseMs} ms`, async () => (await silenceMs()) >= pauseMs);
  agent.resume();
  await until("beats again", async () => (await silenceMs()) < pauseMs);
  const { node } = await client.nodes.get({ nodeId: agent.id });

  expect([...states], "the agent should have been suspected meanwhile").toContain("NODE_STATE_SUSPECT");
  expect(node?.state).toBe("NODE_STATE_READY");
  expect(alive(processes), "its tasks should run on").toHaveLength(ids.length);
  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(traces.runs(ids), "nothing should have run a second time").toHaveLength(ids.length);
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
  expect([...events.of("node.lost"), ...events.of("task.reassigned")]).toEqual([]);
});
