/** Most nodes fall silent at once, and no other coordinator can say whether they are gone or the leader is deaf. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";

const agents = 6;
/** More than the guard allows: max(3, 30 % of 6). */
const silent = 4;
/** Twice lostAfterMs: without the guard they would long be lost. */
const silenceMs = 6_000;

scenario("nothing is reassigned while no witness confirms a mass loss", { coordinators: 2, agents }, async (scene) => {
  const { cluster, events, traces } = scene;
  const ids = await scene.submitMany(agents * 2, traces.gated());
  const first = await traces.eachHas("a run of each task", ids);
  const leader = scene.clientOf([(await scene.leader()).member]);
  const standbys = await scene.standbys();
  const busy = new Set(first.map(({ nodeId }) => nodeId));
  const stopped = [...cluster.agents].sort((a, b) => Number(busy.has(b.id)) - Number(busy.has(a.id))).slice(0, silent);
  const stoppedIds = stopped.map(({ id }) => id);
  expect(first.filter(({ nodeId }) => stoppedIds.includes(nodeId)).length, "tasks on those nodes").toBeGreaterThan(0);

  for (const member of [...standbys, ...stopped]) member.pause();
  const { frozenReason } = await scene.statusThat("the cluster is frozen", (status) => !!status.frozenReason, leader);
  expect(frozenReason).toContain("no other coordinator confirms it");
  for (const id of stoppedIds) {
    await until(`${id} silent for ${silenceMs} ms`, async () => {
      const { node } = await leader.nodes.get({ nodeId: id });
      return (node?.lastBeatAgeMs ?? 0) >= silenceMs;
    });
  }
  const { nodes } = await leader.cluster.status();
  for (const member of [...stopped, ...standbys]) member.resume();
  await scene.statusThat("the cluster is thawed", (status) => !status.frozenReason, leader);
  await cluster.ready();

  expect(nodes?.["NODE_STATE_LOST"] ?? 0, "no node should have been taken for lost").toBe(0);
  await events.seen("cluster.frozen");
  await events.seen("cluster.thawed");
  expect([...events.of("node.lost"), ...events.of("task.reassigned")]).toEqual([]);
  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(traces.runs(ids), "nothing should have run a second time").toHaveLength(ids.length);
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
});
