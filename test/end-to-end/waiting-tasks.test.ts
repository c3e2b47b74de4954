/** When tasks run: not before their time, not while they are held, again after a failure, and in batches that can be waited for. */
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { completions } from "../harness/traces.ts";
import { eventually } from "../harness/waiting.ts";

const small = { coordinators: 1, agents: 2 };

scenario("tasks wait for their time and for their release", small, async (scene) => {
  const { client, cluster, traces } = scene;
  const notBeforeMs = Date.now() + 1_500;
  const later = await scene.submit({ ...traces.running(), notBeforeMs });
  for (const { id } of cluster.agents) await client.nodes.cordon({ nodeId: id });
  const held = await scene.submit(traces.running());
  await client.tasks.hold({ taskId: held });
  for (const { id } of cluster.agents) await client.nodes.uncordon({ nodeId: id });

  const [ended] = await scene.ends([later]);
  expect(ended?.state).toBe("TASK_STATE_SUCCEEDED");
  const [run] = traces.runsOf(later);
  expect(
    Number((run?.startedAtNs ?? 0n) / 1_000_000n),
    "it should not have run before its time",
  ).toBeGreaterThanOrEqual(notBeforeMs);
  expect(await scene.task(held)).toMatchObject({ state: "TASK_STATE_PENDING", held: true });
  expect(traces.runsOf(held), "a held task should not have run, although others did").toEqual([]);
  await client.tasks.release({ taskId: held });
  expect((await scene.ends([held])).map(({ state }) => state)).toEqual(["TASK_STATE_SUCCEEDED"]);
  expect(completions(traces, [later, held])).toEqual([1, 1]);
});

scenario("a failed task is tried again, first on another node", small, async (scene) => {
  const { traces } = scene;
  const retry = { maxRetries: 2, backoffMs: 400, backoffMaxMs: 400, finalExitCodes: [9] };
  const flaky = await scene.submit({ ...traces.running('[ "$HOLDFAST_ATTEMPT" = 2 ] || exit 3'), retry });
  const delayed = await scene.taskThat(
    "waits for its retry",
    flaky,
    ({ state, failures = 0 }) => state === "TASK_STATE_PENDING" && failures === 1,
  );
  expect(delayed.reason).toContain("retry 1 of 2");
  const eligibleAtMs = delayed.eligibleAtMs ?? 0;
  const [ended] = await scene.ends([flaky]);
  expect(ended).toMatchObject({ state: "TASK_STATE_SUCCEEDED", failures: 1 });
  const [first, second] = traces.runsOf(flaky);
  expect(second?.nodeId, "the retry should run on the other node").not.toBe(first?.nodeId);
  expect(Number((second?.startedAtNs ?? 0n) / 1_000_000n)).toBeGreaterThanOrEqual(eligibleAtMs);
  expect(completions(traces, [flaky])).toEqual([1]);

  const hopeless = await scene.submit({ ...traces.running("exit 3"), retry: { ...retry, backoffMs: 50 } });
  const final = await scene.submit({ ...traces.running("exit 9"), retry });
  const [exhausted, refused] = await scene.ends([hopeless, final]);
  expect(exhausted).toMatchObject({ state: "TASK_STATE_FAILED", failures: 3 });
  expect(refused).toMatchObject({ state: "TASK_STATE_FAILED", failures: 1, reason: expect.stringContaining("final") });
  expect(traces.runsOf(hopeless)).toHaveLength(3);
  expect(traces.runsOf(final)).toHaveLength(1);
});

scenario("a batch is accepted whole or in part, and waited for", small, async (scene) => {
  const { client, traces } = scene;
  const good = traces.running();
  const specs = [good, { ...good, timeoutMs: -1 }, good];
  await expect(client.tasks.submitBatch({ specs })).rejects.toMatchObject({
    code: "invalidArgument",
    fields: [{ field: expect.stringContaining("specs[1]") }],
  });
  expect((await client.tasks.list({})).tasks ?? [], "nothing of a refused batch should be stored").toEqual([]);

  const { batchId = "", taskIds = [], errors } = await client.tasks.submitBatch({ specs, allowPartial: true });
  expect(errors).toMatchObject([{ index: 1, field: expect.stringContaining("timeout") }]);
  expect(taskIds.map((id) => id !== "")).toEqual([true, false, true]);
  const batch = await eventually("a batch that has ended", async () => {
    const found = await client.tasks.getBatch({ batchId });
    return found.ended === found.total ? found : undefined;
  });
  expect(batch).toMatchObject({ total: 2, ended: 2, counts: [{ state: "TASK_STATE_SUCCEEDED", count: 2 }] });
  const accepted = taskIds.filter((id) => id !== "");
  expect(completions(traces, accepted)).toEqual([1, 1]);
  expect(traces.taskIds).toEqual([...accepted].sort());
});
