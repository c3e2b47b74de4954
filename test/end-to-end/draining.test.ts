/** An operator takes a node out: no new tasks, then none at all, and that is said only when the processes have exited. */
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { eventually, until } from "../harness/waiting.ts";

const deadlineMs = 1_000;
const graceMs = 1_500;

scenario("a drain is finished when the processes have exited", { coordinators: 1, agents: 2 }, async (scene) => {
  const { cluster, client, events, traces } = scene;
  const stubborn = { ...traces.gated('trap "" TERM'), stopGraceMs: graceMs };
  const ids = await scene.submitMany(4, stubborn);
  const first = await traces.eachHas("a run of each task", ids);
  const agent = cluster.agent(first[0]?.nodeId ?? "");
  const hit = first.filter(({ nodeId }) => nodeId === agent.id);
  const processes = hit.map(({ pid }) => identityOf(pid));

  const begunAtMs = Date.now();
  await client.nodes.drain({ nodeId: agent.id, deadlineMs, reason: "new disks" });
  await eventually("a drain that is finished", async () => {
    const { node } = await client.nodes.get({ nodeId: agent.id });
    const finished = node?.drain?.finished === true;
    const running = alive(processes).length;
    if (finished) expect(running, "processes that run although the drain is said to be finished").toBe(0);
    return finished ? true : undefined;
  });
  const finishedAtMs = (await events.seen("node.drained", agent.id)).atMs ?? 0;
  expect(finishedAtMs - begunAtMs, "what ignores its stop signal should have had its grace").toBeGreaterThan(
    deadlineMs + graceMs - 100,
  );

  const again = await traces.eachHas(
    "a run of each drained task elsewhere",
    hit.map(({ taskId }) => taskId),
    ({ attempt }) => attempt === 2,
  );
  expect(again.filter(({ nodeId }) => nodeId === agent.id)).toEqual([]);
  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(ended.map(({ failures }) => failures ?? 0)).toEqual(ids.map(() => 0));
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
});

scenario("a cordoned node keeps what it runs and gets nothing new", { coordinators: 1, agents: 2 }, async (scene) => {
  const { cluster, client, traces } = scene;
  const before = await scene.submitMany(4, traces.gated());
  const first = await traces.eachHas("a run of each task", before);
  const cordoned = first[0]?.nodeId ?? "";
  const other = cluster.agents.find(({ id }) => id !== cordoned)?.id;

  await client.nodes.cordon({ nodeId: cordoned, reason: "noisy fan" });
  const during = await scene.submitMany(6, traces.gated());
  const runs = await traces.eachHas("a run of each task", during);
  expect(new Set(runs.map(({ nodeId }) => nodeId)), "nothing new on the cordoned node").toEqual(new Set([other]));
  expect(alive(first.map(({ pid }) => identityOf(pid))), "what runs is left alone").toHaveLength(before.length);

  await client.nodes.uncordon({ nodeId: cordoned });
  const constraints = [{ key: "node.id", operator: "OPERATOR_IN" as const, values: [cordoned] }];
  const after = await scene.submit({ ...traces.running(), constraints });
  traces.openGate();
  const ended = await scene.ends([...before, ...during, after]);
  expect(new Set(ended.map(({ state }) => state))).toEqual(new Set(["TASK_STATE_SUCCEEDED"]));
  expect(traces.runsOf(after).map(({ nodeId }) => nodeId)).toEqual([cordoned]);
  await until("no task on either node", async () => {
    const { nodes = [] } = await client.nodes.list({});
    return nodes.every(({ attempts = 0 }) => attempts === 0);
  });
});
