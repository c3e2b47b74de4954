/** An agent that no coordinator hears because of a one-way partition; the two-way one is in `lab.test.ts`. */
import { cutOne } from "./agent-cut.ts";
import { laboratory } from "./laboratory.ts";
import { flow } from "./network/network.ts";

laboratory("an agent that nobody hears is lost, although it hears everybody", {}, async (scene) => {
  const hosts = scene.cluster.coordinators.map(({ host }) => host);
  await cutOne(scene, (agent) => [flow([agent.host], hosts)]);
});

laboratory("an agent that hears nobody is lost, although everything is sent to it", {}, async (scene) => {
  const hosts = scene.cluster.coordinators.map(({ host }) => host);
  await cutOne(scene, (agent) => [flow(hosts, [agent.host])]);
});
