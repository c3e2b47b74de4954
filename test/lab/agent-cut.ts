/** The story of an agent that no coordinator hears, however that comes about. */
import { expect } from "vitest";
import type { Daemon } from "./cluster/lab-cluster.ts";
import type { LabScene } from "./laboratory.ts";
import type { Flow } from "./network/rules.ts";

/** Tasks wait on every node; the flows of one node are cut until its tasks run elsewhere; then all is healed. */
export async function cutOne(scene: LabScene, flowsOf: (agent: Daemon) => Flow[]) {
  const { cluster, network, events } = scene;
  const ids = await scene.submitTraced(6);
  const first = await scene.started(ids);
  const agent = cluster.agent(first[0]?.nodeId ?? "");
  const hit = first.filter(({ nodeId }) => nodeId === agent.id).map(({ taskId }) => taskId);

  const cut = await network.drop(flowsOf(agent));
  await events.seen("node.lost", agent.id);
  await scene.started(hit, ({ nodeId, attempt }) => nodeId !== agent.id && attempt === 2);
  const during = await scene.submitTraced(3);
  const placed = await scene.started(during);
  expect(
    placed.filter(({ nodeId }) => nodeId === agent.id),
    "tasks that came to a node which is cut off",
  ).toEqual([]);
  expect(await cut.hits(), "packets that the cut dropped").toBeGreaterThan(0);

  await cut.heal();
  await events.seen("node.returned", agent.id);
  expect(
    events.of("node.lost").map(({ subject }) => subject),
    "nodes that were lost",
  ).toEqual([agent.id]);
  await scene.everythingEndsWell();
}
