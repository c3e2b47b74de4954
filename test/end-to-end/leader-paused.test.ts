/** The leader hangs until another leads, and then goes on as if nothing had happened: nothing that it says counts any more. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { until } from "../harness/waiting.ts";

scenario("a leader that hung does nothing more by itself, and follows the new one", { agents: 2 }, async (scene) => {
  const { cluster, events, traces } = scene;
  const before = await scene.submitMany(4, traces.gated());
  await traces.eachHas("a run of each task", before);
  const old = await scene.leader();
  const toOld = scene.connectionTo(old.member);
  expect(await toOld.connected(5_000), "a connection to the leader").toBe(true);
  const others = scene.clientOf(await scene.standbys());

  old.member.pause();
  const underWay = scene.submitOnce(toOld, "under-way", traces.gated()).then(
    (taskId) => [taskId],
    (error: { code?: string }) => {
      expect(error.code, "what the old leader was asked should be refused, if nobody else was asked").toBe(
        "unavailable",
      );
      return [];
    },
  );
  const next = await scene.nextLeader(old.epoch, others);
  const after = await scene.submit(traces.gated(), others);
  old.member.resume();

  // It may hear who leads before it reads what it was asked, and pass that on.
  const passedOn = await underWay;
  await until("the old leader says that it leads no more", () =>
    scene.logOf(old.member).includes('"msg":"leading no more"'),
  );
  expect(next.member.id).not.toBe(old.member.id);
  expect(next.epoch, "the epoch should have risen").toBeGreaterThan(old.epoch);

  const ids = [...before, after, ...passedOn];
  await traces.eachHas("a run of each task", ids);
  traces.openGate();
  const ended = await scene.ends(ids, scene.clientOf([next.member]));
  expect(ended.map(({ state }) => state)).toEqual(ids.map(() => "TASK_STATE_SUCCEEDED"));
  expect(traces.taskIds, "nothing else should have run, and nothing twice").toEqual([...ids].sort());
  expect(completions(traces, ids)).toEqual(ids.map(() => 1));
  expect(traces.runs(ids)).toHaveLength(ids.length);
  expect(events.of("node.lost"), "the change of leader should cost no node").toEqual([]);

  await cluster.ready();
  const revision = (await scene.client.tasks.list({})).read?.revision ?? "";
  const copies = await Promise.all(
    cluster.coordinators.map(async (member) => {
      const only = scene.clientOf([member]);
      const [{ tasks }, { leaderId, epoch }] = await Promise.all([
        only.tasks.list({ minRevision: revision }),
        only.cluster.status({ minRevision: revision }),
      ]);
      return { tasks, leaderId, epoch };
    }),
  );
  expect(copies[0]).toMatchObject({ leaderId: next.member.id, epoch: next.epoch });
  for (const copy of copies) expect(copy, "every coordinator should tell the same").toEqual(copies[0]);
});
