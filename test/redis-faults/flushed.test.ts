/** Somebody empties Redis under a running cluster: nobody leads on nothing, and only an operator's word begins anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { type Scenario, scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";
import { expectReadsWithAge } from "./outage.ts";
import { redisCommand } from "./redis-command.ts";

const refusal = "the store is empty";
/** Longer than any lease or hold-off: who has not led by then does not. */
const unledForMs = 5_000;

scenario("an emptied Redis is led only by those who are told to begin anew", { agents: 2 }, async (scene) => {
  const { cluster, traces } = scene;
  const ids = await scene.submitMany(3, traces.gated());
  const processes = (await traces.eachHas("a run of each task", ids)).map(({ pid }) => identityOf(pid));
  const first = await scene.leader();
  const flushedAtMs = performance.now();
  await redisCommand({ path: cluster.redisUrl.replace("redis+unix://", "") }, "FLUSHALL");

  await until("that each coordinator says why it does not lead", () =>
    cluster.coordinators.every((member) => scene.logOf(member).includes(refusal)),
  );
  const connections = cluster.coordinators.map((member) => scene.connectionTo(member));
  await until("the time in which somebody would have led", async () => {
    const answers = connections.map((connection) => scene.submitOnce(connection, "on-nothing", traces.running()));
    for (const answer of await Promise.allSettled(answers)) {
      expect(answer).toMatchObject({ status: "rejected", reason: { code: "unavailable" } });
    }
    return performance.now() - flushedAtMs > unledForMs;
  });
  expect(alive(processes), "tasks should run on").toHaveLength(ids.length);
  await expectReadsWithAge(scene, ids[0] ?? "");
  for (const member of cluster.coordinators) {
    expect(scene.logOf(member).match(/"level":"error"[^\n]*the store is empty/g), "said loudly, and once").toHaveLength(
      1,
    );
  }

  const [chosen] = cluster.coordinators;
  if (chosen === undefined) throw new Error("expected a coordinator");
  beginAnew(scene, chosen.id);
  await chosen.restart();
  const next = await scene.nextLeader(first.epoch);
  expect(next.member.id, "only who was told to may begin").toBe(chosen.id);
  const late = await scene.submit(traces.running());
  expect((await scene.ends([late])).map(({ state }) => state)).toEqual(["TASK_STATE_SUCCEEDED"]);
  await cluster.ready();
  expect(traces.runs(ids), "nothing should have been started a second time").toHaveLength(ids.length);
});

/** As an operator does: a line in the coordinator's file, and a restart. */
function beginAnew({ cluster }: Scenario, id: string): void {
  const file = cluster.layout.configOf(id);
  const [comment = "", ...json] = readFileSync(file, "utf8").split("\n");
  const settings = { ...JSON.parse(json.join("\n")), beginAnew: true };
  writeFileSync(file, `${comment}\n${JSON.stringify(settings)}\n`);
}
