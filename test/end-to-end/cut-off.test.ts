/** The way between a node and the leader is blocked, and other coordinators hear the node as before. */
import { readFileSync, writeFileSync } from "node:fs";
import type { HoldfastClient } from "@holdfast/shared/client/holdfast-client.ts";
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { type Scenario, scenario } from "../harness/scenario.ts";
import { TcpWay } from "../harness/tcp-way.ts";
import { until } from "../harness/waiting.ts";

const cutOffNode = "node-1";
const spareNode = "node-2";
/** Longer than it takes until another coordinator passes beats on, on a busy machine. */
const exclusiveLeaseMs = 8_000;
const coordinatorSettings = {
  exclusiveLeaseMs,
  exclusiveKillMs: 1_000,
  exclusiveEnforcementMs: 1_000,
  exclusiveReassignMs: 12_000,
};

scenario(
  "a node that only standbys hear is cut off, and its work goes on",
  { agents: 2, coordinatorSettings },
  async (scene) => {
    const { client, events, traces } = scene;
    using ways = await goByWays(scene);
    await client.nodes.cordon({ nodeId: spareNode, reason: "what is submitted now is to run on the other one" });
    const working = await scene.submit(traces.gated("echo at work"));
    const cancelled = await scene.submit(traces.running("sleep 1000"));
    const exclusive = await scene.submit({ ...traces.gated(), exclusive: true });
    const ids = [working, cancelled, exclusive];
    const runs = await traces.eachHas("a run of each task", ids, ({ nodeId }) => nodeId === cutOffNode);
    const processes = runs.map(({ pid }) => identityOf(pid));
    await client.nodes.uncordon({ nodeId: spareNode });
    const { member } = await scene.leader();
    const leader = scene.clientOf([member]);

    ways.to(member.id).block();
    await stateOf(leader, "NODE_STATE_CUT_OFF");
    await events.seen("node.cutOff");

    await leader.tasks.cancel({ taskId: cancelled, reason: "no longer needed" });
    const [stopped] = await scene.ends([cancelled]);
    expect(stopped?.state, "a cancel should reach the node").toBe("TASK_STATE_CANCELLED");
    expect(alive(processes.slice(1, 2)), "the cancelled task's process").toEqual([]);

    expect(await outputOf(client, working), "its output, from a coordinator that hears the node").toBe("at work\n");

    const elsewhere = await scene.submit(traces.gated());
    await traces.eachHas("a run on the other node", [elsewhere], ({ nodeId }) => nodeId === spareNode);

    const sinceMs = performance.now();
    await until(
      "the time of a lease and a half has passed",
      () => performance.now() - sinceMs > 1.5 * exclusiveLeaseMs,
    );
    expect(alive(processes), "what runs on the node should run on").toHaveLength(2);
    traces.openGate();
    const ended = await scene.ends([working, exclusive, elsewhere]);
    expect(ended.map(({ state }) => state)).toEqual(ended.map(() => "TASK_STATE_SUCCEEDED"));
    expect(ended.map(({ attempts }) => attempts?.length)).toEqual(ended.map(() => 1));
    expect(await stateNow(leader), "still cut off when the results were recorded").toBe("NODE_STATE_CUT_OFF");

    ways.to(member.id).open();
    await stateOf(leader, "NODE_STATE_READY");
    await events.seen("node.heard");
    await client.nodes.cordon({ nodeId: spareNode, reason: "to see that the other one gets tasks again" });
    const [after] = await scene.ends([await scene.submit(traces.running())]);
    expect(after).toMatchObject({ state: "TASK_STATE_SUCCEEDED", attempts: [{ nodeId: cutOffNode }] });
    expect(traces.runs([...ids, elsewhere]), "nothing should have run a second time").toHaveLength(4);
    expect([...events.of("node.lost"), ...events.of("task.reassigned")]).toEqual([]);
  },
);

scenario("the leader dies that did not hear a node, and the one that did leads", { agents: 2 }, async (scene) => {
  const { client, events, traces } = scene;
  using ways = await goByWays(scene);
  await client.nodes.cordon({ nodeId: spareNode, reason: "what is submitted now is to run on the other one" });
  const ids = await scene.submitMany(3, traces.gated());
  await traces.eachHas("a run of each task", ids, ({ nodeId }) => nodeId === cutOffNode);
  await client.nodes.uncordon({ nodeId: spareNode });
  const before = await scene.leader();
  const others = scene.clientOf(await scene.standbys());
  ways.to(before.member.id).block();
  await stateOf(scene.clientOf([before.member]), "NODE_STATE_CUT_OFF");

  await before.member.kill();
  const next = await scene.nextLeader(before.epoch, others);
  expect(next.member.id).not.toBe(before.member.id);
  await stateOf(others, "NODE_STATE_READY");
  traces.openGate();
  const ended = await scene.ends(ids, others);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(traces.runs(ids), "nothing should have run a second time").toHaveLength(ids.length);
  expect([...events.of("node.lost"), ...events.of("task.reassigned")]).toEqual([]);
});

interface Ways extends Disposable {
  /** From the node to this coordinator. */
  to(coordinatorId: string): TcpWay;
}

/** Starts the node's agent anew, with ways of its own to the coordinators. */
async function goByWays({ cluster }: Scenario): Promise<Ways> {
  const ways = new Map<string, TcpWay>();
  for (const { id, plan } of cluster.coordinators) ways.set(id, await TcpWay.to(plan.address ?? ""));
  const agent = cluster.agent(cutOffNode);
  await agent.stop();
  const file = cluster.layout.configOf(cutOffNode);
  const config = JSON.parse(readFileSync(file, "utf8").replace(/^#.*$/m, ""));
  writeFileSync(file, JSON.stringify({ ...config, coordinators: [...ways.values()].map(({ address }) => address) }));
  await agent.start();
  await cluster.ready();
  return {
    to(coordinatorId) {
      const way = ways.get(coordinatorId);
      if (way === undefined) throw new Error(`expected a way to ${coordinatorId}`);
      return way;
    },
    [Symbol.dispose]() {
      for (const way of ways.values()) way[Symbol.dispose]();
    },
  };
}

async function outputOf(client: HoldfastClient, taskId: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const { data } of client.tasks.logs({ taskId })) pieces.push(Buffer.from(data ?? ""));
  return Buffer.concat(pieces).toString();
}

async function stateNow(client: HoldfastClient): Promise<string | undefined> {
  return (await client.nodes.get({ nodeId: cutOffNode })).node?.state;
}

async function stateOf(client: HoldfastClient, wanted: string): Promise<void> {
  let last: string | undefined;
  const look = async () => {
    last = await stateNow(client);
    return last === wanted;
  };
  await until(`the leader shows ${cutOffNode} as ${wanted}`, look, { seen: () => last ?? "" });
}
