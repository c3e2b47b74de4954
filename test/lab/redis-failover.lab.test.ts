/** Redis with Sentinel: the host of the primary goes, and the primary goes to the wrong side together with the leader. */
import { expect } from "vitest";
import { laboratory } from "./laboratory.ts";
import { between } from "./network/network.ts";

laboratory("the host of the primary dies: another is promoted, and nothing is lost", {}, async (scene) => {
  const { cluster } = scene;
  const ids = await scene.submitTraced(6);
  await scene.started(ids);
  const primary = await cluster.redis.primary();
  await primary.kill();
  const promoted = await cluster.redis.failedOver(primary);
  expect(promoted.name).not.toBe(primary.name);
  await scene.submitTraced(4, 100);

  await primary.start();
  await cluster.redis.isWhole();
  await cluster.ready();
  await scene.everythingEndsWell();
});

laboratory("a leader alone with the old primary accepts nothing that will not last", {}, async (scene) => {
  const { cluster, network } = scene;
  const ids = await scene.submitTraced(6);
  await scene.started(ids);
  const old = await scene.leader();
  const primary = await cluster.redis.primary();

  const wrongSide = [old.daemon.host, primary];
  const rightSide = cluster.hosts.filter((host) => !wrongSide.includes(host));
  const cut = await network.drop(between(wrongSide, rightSide));
  // Most of these are refused, and the client asks the next: what is acknowledged counts, whoever did it.
  const during = Array.from({ length: 20 }, () => scene.submitTraced(1, 100));
  await cluster.redis.failedOver(primary);
  await scene.leader(old.epoch, scene.clientOf(scene.others(old.daemon)));
  await Promise.allSettled(during);
  expect(await cut.hits(), "packets that the cut dropped").toBeGreaterThan(0);

  await cut.heal();
  await cluster.redis.isWhole();
  await cluster.ready();
  await scene.everythingEndsWell();
});
