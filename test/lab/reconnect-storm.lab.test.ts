/** A thousand agents lose their sessions with all coordinators at one moment, and come back all at once. */
import { expect } from "vitest";
import { until } from "../harness/waiting.ts";
import { LabFleet } from "./cluster/fleet.ts";
import { laboratory } from "./laboratory.ts";

const agents = 1_000;
const backWithinMs = 60_000;

laboratory("a thousand agents that are cut off at once come back", { otherHosts: ["fleet"] }, async (scene) => {
  const { cluster, network, client, events } = scene;
  const [host] = cluster.otherHosts;
  if (host === undefined) throw new Error("expected a host for the fleet");
  const { addresses, testerTls: tls } = cluster;
  const fleet = await LabFleet.start(host, { agents, addresses, tls });
  const sessions = agents * cluster.coordinators.length;
  const ids = await scene.submitTraced(6);
  await scene.started(ids);

  const resets = await Promise.all(cluster.coordinators.map((one) => network.reset([host], one.host)));
  await until("every session to have ended", async () => (await fleet.counters()).disconnects >= sessions);
  for (const reset of resets) expect(await reset.hits(), "packets answered by a reset").toBeGreaterThanOrEqual(agents);
  await Promise.all(resets.map((reset) => reset.heal()));

  let counters = await fleet.counters();
  const seen = () => JSON.stringify(counters);
  const areBack = async () => {
    counters = await fleet.counters();
    return counters.sessions === sessions;
  };
  await until("every session to be there again", areBack, { withinMs: backWithinMs, seen });
  await until(
    "every node to be ready again",
    async () => ((await client.cluster.status()).nodes?.["NODE_STATE_READY"] ?? 0) === agents + cluster.agents.length,
    { withinMs: backWithinMs },
  );
  const real = cluster.agents.map(({ id }) => id);
  const lost = events.of("node.lost").map(({ subject = "" }) => subject);
  expect(
    lost.filter((id) => real.includes(id)),
    "agents that were lost although only others were cut off",
  ).toEqual([]);
  const { runs, tasks } = await scene.everythingEndsWell();
  expect(runs, "nothing should have run twice").toBe(tasks);
});
