/** A leader that reaches Redis and not the agents, and a network in which nobody reaches anybody. */
import { expect } from "vitest";
import { until } from "../harness/waiting.ts";
import { laboratory } from "./laboratory.ts";
import { between } from "./network/network.ts";

laboratory("a leader that no agent reaches works through the standbys that they reach", {}, async (scene) => {
  const { cluster, network, events } = scene;
  const ids = await scene.submitTraced(6);
  await scene.started(ids);
  const old = await scene.leader();

  const agents = cluster.agents.map(({ host }) => host);
  const cut = await network.drop(between([old.daemon.host], agents));
  for (const { id } of cluster.agents) await events.seen("node.cutOff", id);
  // The ends of what runs come to it by way of the standbys.
  scene.traces.openGate();
  await scene.ends(ids);
  expect(await cut.hits(), "packets that the cut dropped").toBeGreaterThan(0);
  expect(events.of("leader.elected"), "elections").toHaveLength(1);

  await cut.heal();
  await cluster.ready();
  expect(events.of("node.lost"), "nodes that were lost although a standby heard them").toEqual([]);
  await scene.submitTraced(4, 100);
  const { runs, tasks } = await scene.everythingEndsWell();
  expect(runs, "nothing should have run twice").toBe(tasks);
});

laboratory("when nobody reaches anybody, all goes on after the network is whole again", {}, async (scene) => {
  const { cluster, network } = scene;
  await scene.submitTraced(6);
  const old = await scene.leader();

  const hosts = [...cluster.coordinators, ...cluster.agents].map(({ host }) => host).concat(cluster.redis.hosts);
  const cuts = await Promise.all(
    hosts.flatMap((one, index) => {
      const rest = hosts.slice(index + 1);
      return rest.length === 0 ? [] : [network.drop(between([one], rest))];
    }),
  );
  await until("the leader to know that it leads no more", () => old.daemon.log().includes('"msg":"leading no more"'));
  const hits = await Promise.all(cuts.map((cut) => cut.hits()));
  expect(
    hits.reduce((sum, one) => sum + one),
    "packets that the cuts dropped",
  ).toBeGreaterThan(100);

  await Promise.all(cuts.map((cut) => cut.heal()));
  await scene.leader(old.epoch);
  await cluster.ready();
  await scene.submitTraced(4, 100);
  await scene.everythingEndsWell();
});
