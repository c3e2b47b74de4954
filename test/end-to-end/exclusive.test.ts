/** Exclusive tasks: nothing is started in the place of what may still run; its own supervisor ends it, whatever its agent does. */
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";

const leaseMs = 4_000;
const reassignMs = 6_000;
const graceMs = 500;
const beatMs = 1_000;
const options = {
  agents: 2,
  coordinatorSettings: {
    exclusiveLeaseMs: leaseMs,
    exclusiveReassignMs: reassignMs,
    exclusiveKillMs: graceMs,
    exclusiveEnforcementMs: 1_000,
  },
};

scenario("an agent hangs: its exclusive tasks are over before they start elsewhere", options, async (scene) => {
  const { cluster, events, traces } = scene;
  const ids = await scene.submitMany(4, { ...traces.gated('trap "" TERM'), exclusive: true });
  const first = await traces.eachHas("a run of each task", ids);
  const agent = cluster.agent(first[0]?.nodeId ?? "");
  const hit = first.filter(({ nodeId }) => nodeId === agent.id);
  const processes = hit.map(({ pid }) => identityOf(pid));
  const hitIds = hit.map(({ taskId }) => taskId);

  const pausedAtMs = Date.now();
  agent.pause();
  await events.seen("node.lost", agent.id);
  const { reason = "" } = await scene.task(hitIds[0] ?? "");
  expect(reason).toMatch(/as it is exclusive, it waits until .* UTC$/);
  const again = await traces.eachHas("a run of each task elsewhere", hitIds, ({ attempt }) => attempt === 2);
  expect(alive(processes), "processes that still run when their tasks are started elsewhere").toEqual([]);
  const waitedMs = again.map(({ startedAtNs }) => Number(startedAtNs / 1_000_000n) - pausedAtMs);
  expect(Math.min(...waitedMs), "from the last beat to the first start elsewhere").toBeGreaterThan(
    reassignMs - leaseMs / 10 - 2 * beatMs,
  );

  agent.resume();
  await events.seen("node.returned", agent.id);
  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(ended.map(({ failures }) => failures ?? 0)).toEqual(ids.map(() => 0));
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
});

const patient = { ...options, coordinatorSettings: { exclusiveLeaseMs: 60_000, exclusiveReassignMs: 120_000 } };

scenario("a machine dies, and an operator says so: its exclusive tasks go on at once", patient, async (scene) => {
  const { cluster, client, events, traces } = scene;
  const ids = await scene.submitMany(4, { ...traces.gated(), exclusive: true });
  const first = await traces.eachHas("a run of each task", ids);
  const victim = cluster.agent(first[0]?.nodeId ?? "");
  const hitIds = first.filter(({ nodeId }) => nodeId === victim.id).map(({ taskId }) => taskId);

  await victim.killNode();
  await events.seen("node.lost", victim.id);
  const { summary = "", remedies = [] } = await client.tasks.explain({ taskId: hitIds[0] ?? "" });
  expect(summary).toMatch(
    /^It is exclusive, and its attempt 1 on .* may still run: .*Its lease is over for certain in/,
  );
  expect(remedies.at(-1)).toBe(`if you know that it is off: holdfast node confirm-dead ${victim.id}`);

  await client.nodes.confirmDead({ nodeId: victim.id, confirmNodeId: victim.id, reason: "the test has killed it" });
  await traces.eachHas("a run of each task elsewhere", hitIds, ({ attempt }) => attempt === 2);
  expect((await events.seen("node.confirmedDead", victim.id)).message).toBe("the test has killed it");
  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
});
