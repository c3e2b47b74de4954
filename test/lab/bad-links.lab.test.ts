/** Links that carry everything, badly: they lose packets, or are slow, or have their connections reset. */
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { type LabScene, laboratory } from "./laboratory.ts";
import { between, flow } from "./network/network.ts";

const badForMs = 15_000;

/** Tasks of a second each, some of them submitted every second for as long as it lasts. */
async function loadWhile(scene: LabScene, lastsMs: number): Promise<void> {
  const endMs = performance.now() + lastsMs;
  while (performance.now() < endMs) {
    await scene.submitTraced(2, 1_000);
    await sleep(1_000);
  }
}

laboratory("with 30 % of all packets to and from agents lost, work goes on", {}, async (scene) => {
  const { cluster, network } = scene;
  const coordinators = cluster.coordinators.map(({ host }) => host);
  const agents = cluster.agents.map(({ host }) => host);
  const loss = await network.drop(between(coordinators, agents), 30);
  await loadWhile(scene, badForMs);
  expect(await loss.hits(), "packets that were lost").toBeGreaterThan(30);
  await scene.everythingEndsWell();
  await loss.heal();
  await cluster.ready();
});

laboratory("with 30 % of all packets lost, nothing else is", {}, async (scene) => {
  const { cluster, network } = scene;
  const before = await scene.submitTraced(6);
  await scene.started(before);
  const loss = await network.drop([flow(cluster.hosts, cluster.hosts)], 30);
  // Nobody may be able to lead for as long as it lasts: their connections to Redis stall for longer than a lease.
  const during = Promise.all(Array.from({ length: 6 }, () => scene.submitTraced(1, 1_000)));
  await sleep(badForMs);
  expect(await loss.hits(), "packets that were lost").toBeGreaterThan(100);
  await loss.heal();
  await cluster.ready();
  await during;
  await scene.submitTraced(2, 100);
  await scene.everythingEndsWell();
});

laboratory("200 ms of delay with jitter cost time and nothing else", {}, async (scene) => {
  const { cluster, network, events, client } = scene;
  // Each packet passes two links.
  const delays = await Promise.all(cluster.hosts.map((host) => network.delay(host, 100, 25)));
  const askedMs = performance.now();
  await client.cluster.status();
  expect(performance.now() - askedMs, "from a question to its answer, in ms").toBeGreaterThan(150);
  await loadWhile(scene, badForMs);
  const { epoch } = await scene.leader();
  await Promise.all(delays.map((delay) => delay.heal()));
  await cluster.ready();
  expect((await scene.leader()).epoch, "the epoch, since the leader had no reason to change").toBe(epoch);
  expect(events.of("node.lost"), "nodes that were lost").toEqual([]);
  const { runs, tasks } = await scene.everythingEndsWell();
  expect(runs, "nothing should have run twice").toBe(tasks);
});

laboratory("connections that are reset are made again, and cost no node", {}, async (scene) => {
  const { cluster, network, events } = scene;
  const ids = await scene.submitTraced(6);
  await scene.started(ids);
  const agents = cluster.agents.map(({ host }) => host);
  for (let round = 0; round < 3; round += 1) {
    const resets = await Promise.all(cluster.coordinators.map(({ host }) => network.reset(agents, host)));
    await sleep(1_000);
    for (const reset of resets) expect(await reset.hits(), "packets answered by a reset").toBeGreaterThan(0);
    await Promise.all(resets.map((reset) => reset.heal()));
    await cluster.ready();
  }
  expect(events.of("node.lost"), "nodes that were lost").toEqual([]);
  const { runs, tasks } = await scene.everythingEndsWell();
  expect(runs, "nothing should have run twice").toBe(tasks);
});
