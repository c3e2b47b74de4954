/** The leader's process dies: a standby takes over, and no task notices. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";

scenario("another coordinator leads when the leader dies, and no task is lost", { agents: 2 }, async (scene) => {
  const { cluster, events, traces } = scene;
  const before = await scene.submitMany(6, traces.gated());
  await traces.eachHas("a run of each task", before);
  const old = await scene.leader();

  await old.member.kill();
  const during = await scene.submit(traces.gated());
  const next = await scene.nextLeader(old.epoch);
  const after = await scene.submit(traces.gated());

  expect(next.member.id).not.toBe(old.member.id);
  expect(next.epoch, "the epoch should have risen").toBeGreaterThan(old.epoch);
  await events.seen("leader.elected", next.member.id);
  const ids = [...before, during, after];
  await traces.eachHas("a run of each task", ids);
  traces.openGate();
  const ended = await scene.ends(ids);
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(traces.runs(ids), "a change of leader should start nothing again").toHaveLength(ids.length);
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
  expect(events.of("node.lost"), "a change of leader should cost no node").toEqual([]);

  await old.member.start();
  await cluster.ready();
  await scene.statusThat("all coordinators are reachable", ({ coordinators = [] }) =>
    coordinators.every(({ reachable }) => reachable === true),
  );
});
