/** Clients need no knowledge of who leads: any coordinator takes a write, shows it to its writer, and may die under a watch. */
import type { Task } from "@holdfast/shared/client/messages.ts";
import { taskHasEnded } from "@holdfast/shared/client/task-states.ts";
import { expect } from "vitest";
import { scenario } from "../harness/scenario.ts";
import { until } from "../harness/waiting.ts";

scenario("a write through a standby is read at once from any other", { agents: 1 }, async (scene) => {
  const [writer, reader] = await scene.standbys();
  if (writer === undefined || reader === undefined) throw new Error("expected two standbys");
  const throughWriter = scene.clientOf([writer]);
  const throughReader = scene.clientOf([reader]);

  for (let round = 0; round < 20; round += 1) {
    const { taskId = "", revision = "" } = await throughWriter.tasks.submit({ spec: scene.traces.running() });
    const { task, read } = await throughReader.tasks.get({ taskId, minRevision: revision });
    expect(task?.id, "a read that names the write's revision should see it").toBe(taskId);
    expect(read).toMatchObject({ coordinatorId: reader.id });
  }
  const { tasks = [], read } = await throughWriter.tasks.list({});
  expect(tasks, "a client should see its own writes without naming a revision").toHaveLength(20);
  expect(read?.coordinatorId).toBe(writer.id);
  expect(read?.fromLeader ?? false, "a standby should say that it does not lead").toBe(false);
});

scenario("a watch goes on at another coordinator when its own dies", { agents: 1 }, async (scene) => {
  const [first, second] = await scene.standbys();
  if (first === undefined || second === undefined) throw new Error("expected two standbys");
  const { member: leader } = await scene.leader();
  const taskId = await scene.submit(scene.traces.gated());
  // Zero takes the first address.
  const watcher = scene.clientOf([first, second, leader], { random: () => 0 });
  const seen: Task[] = [];
  const watching = (async () => {
    for await (const { tasks = [] } of watcher.tasks.watch({ taskId, untilEnded: true })) seen.push(...tasks);
  })();
  await until("a watched task that runs", () => seen.at(-1)?.state === "TASK_STATE_RUNNING");
  const { read } = await watcher.tasks.get({ taskId });
  expect(read?.coordinatorId, "the watcher should be at the coordinator that is to die").toBe(first.id);

  await first.kill();
  scene.traces.openGate();
  await watching;

  expect(seen.at(-1)?.state).toBe("TASK_STATE_SUCCEEDED");
  expect(seen.filter(taskHasEnded), "the end should have been told once").toHaveLength(1);
  expect((await watcher.tasks.get({ taskId })).read?.coordinatorId).not.toBe(first.id);
});
