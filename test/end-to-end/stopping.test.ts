/** Tasks that are stopped before their end, on request or by their own limits, are really gone when that is said. */
import { expect } from "vitest";
import { alive, identityOf } from "../harness/processes.ts";
import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";

const oneNode = { coordinators: 1, agents: 1 };
/** Children in the task's group, and one that left it. All inherit that SIGTERM is ignored. */
const withChildren = 'trap "" TERM\nsleep 600 & sleep 600 &\nsetsid sleep 600 &';
/** The shell and its three children. */
const processCount = 4;

scenario("a task is cancelled when none of its processes is left", oneNode, async (scene) => {
  const { cluster, client, traces } = scene;
  const agent = cluster.agent("node-1");
  const taskId = await scene.submit({ ...traces.gated(withChildren), stopGraceMs: 500 });
  await traces.eachHas("a run of the task", [taskId]);
  await until("the task's children", () => agent.taskPids().length === processCount);
  const processes = agent.taskPids().map(identityOf);

  const { affected } = await client.tasks.cancel({ taskId, reason: "not needed" });
  expect(affected).toBe(1);
  const stopping = await scene.taskThat("is being stopped", taskId, ({ state }) => state === "TASK_STATE_STOPPING");
  expect(stopping.reason).toBe("cancelled: not needed");
  await scene.taskThat("is cancelled", taskId, ({ state }) => state === "TASK_STATE_CANCELLED");
  expect(alive(processes), "no process should be left when a task is said to be cancelled").toEqual([]);
  const task = await scene.task(taskId);
  expect(task.attempts).toMatchObject([{ state: "ATTEMPT_STATE_CANCELLED", signal: "SIGKILL" }]);
  expect(traces.runsOf(taskId)).toMatchObject([{ endedAtNs: null }]);
});

scenario("a task that is cancelled while its node is drained stays cancelled", oneNode, async (scene) => {
  const { client, traces } = scene;
  const taskId = await scene.submit({ ...traces.gated('trap "" TERM'), stopGraceMs: 3_000 });
  const [run] = await traces.eachHas("a run of the task", [taskId]);
  const process = identityOf(run?.pid ?? 0);
  await client.nodes.drain({ nodeId: "node-1", deadlineMs: 0 });
  await scene.taskThat("is being stopped by the drain", taskId, ({ attempts = [] }) =>
    attempts.some(({ state }) => state === "ATTEMPT_STATE_STOPPING"),
  );

  const { affected } = await client.tasks.cancel({ taskId });
  expect(alive([process]), "the drain should still wait for the process").toHaveLength(1);
  expect(affected, "the task should be cancelled although it is being stopped already").toBe(1);
  const [ended] = await scene.ends([taskId]);
  expect(ended?.state, "a cancelled task should not wait for another node").toBe("TASK_STATE_CANCELLED");
  expect(alive([process])).toEqual([]);
});

scenario("a task that runs for too long is stopped, and one that waits for too long fails", oneNode, async (scene) => {
  const { client, traces } = scene;
  const slow = await scene.submit({ ...traces.gated(), timeoutMs: 700 });
  const [run] = await traces.eachHas("a run of the slow task", [slow]);
  const slowProcess = identityOf(run?.pid ?? 0);
  const [timedOut] = await scene.ends([slow]);
  expect(timedOut?.state).toBe("TASK_STATE_TIMED_OUT");
  expect(alive([slowProcess])).toEqual([]);

  await client.cluster.pausePlacement({ reason: "test" });
  const late = await scene.submit({ ...traces.running(), queueTimeoutMs: 500 });
  const [failed] = await scene.ends([late]);
  expect(failed).toMatchObject({ state: "TASK_STATE_FAILED", reason: expect.stringContaining("queue timeout") });
  await client.cluster.resumePlacement();
  const next = await scene.submit(traces.running());
  expect((await scene.ends([next])).map(({ state }) => state)).toEqual(["TASK_STATE_SUCCEEDED"]);
  expect(traces.runsOf(late), "what failed while it waited should never have run").toEqual([]);
});
