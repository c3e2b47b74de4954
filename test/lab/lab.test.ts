/** The short part of the lab, which runs with the whole suite: `npm run test:lab` runs all of it. */
import { expect } from "vitest";
import { cutOne } from "./agent-cut.ts";
import { laboratory } from "./laboratory.ts";
import { between } from "./network/network.ts";

laboratory(
  "an agent that nobody hears and that hears nobody is lost, and returns",
  { redisHosts: 1 },
  async (scene) => {
    const hosts = scene.cluster.coordinators.map(({ host }) => host);
    await cutOne(scene, (agent) => between([agent.host], hosts));
  },
);

laboratory("a leader that is cut off from Redis alone is replaced", { agents: 2, redisHosts: 1 }, async (scene) => {
  const { cluster, network, events } = scene;
  const ids = await scene.submitTraced(4);
  await scene.started(ids);
  const old = await scene.leader();

  const cut = await network.drop(between([old.daemon.host], cluster.redis.hosts));
  const next = await scene.leader(old.epoch, scene.clientOf(scene.others(old.daemon)));
  expect(next.daemon.id, "the next leader").not.toBe(old.daemon.id);
  expect(await cut.hits(), "packets that the cut dropped").toBeGreaterThan(0);
  await scene.submitTraced(2, 100);
  // It learns from the others who leads, and passes on what it is asked.
  await scene.submitTraced(2, 100, scene.clientOf([old.daemon]));

  await cut.heal();
  await cluster.ready();
  expect(events.of("node.lost"), "the change of leader should cost no node").toEqual([]);
  const { completedTwice, runs, tasks } = await scene.everythingEndsWell();
  expect(completedTwice).toEqual({});
  expect(runs, "nothing should have run twice").toBe(tasks);
});
