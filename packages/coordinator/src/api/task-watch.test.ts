import { Metadata } from "@grpc/grpc-js";
import type { WatchTasksResponse } from "@holdfast/shared/contract/generated/holdfast/v1/WatchTasksResponse.ts";
import { expect, test } from "vitest";
import type { Call } from "./call.ts";
import { watchTasks } from "./task-watch.ts";
import { InstantBackend } from "./testing/instant-backend.ts";
import { newTask } from "./validate/task-spec.ts";
import { Violations } from "./validate/violations.ts";

const call: Call = {
  metadata: new Metadata(),
  deadlineMs: Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
};

/** More than one step of the present state. */
async function filled(count: number): Promise<{ backend: InstantBackend; ids: string[] }> {
  const backend = new InstantBackend("c1", 100_000);
  const ids = Array.from({ length: count }, (_, at) => `main-${String(at).padStart(5, "0")}`);
  for (const id of ids) {
    const task = newTask(id, { argv: ["/bin/true"] }, 5_000);
    if (task instanceof Violations) throw task.error();
    await backend.write<"submit">({ kind: "submit", namespace: "default", requestId: "", task });
  }
  return { backend, ids };
}

test("no task goes back in time, and no change is missed, when things change while the present state is read", async () => {
  const { backend, ids } = await filled(600);
  const early = ids[0] as string;
  const late = ids[599] as string;
  const told = new Map<string, (string | undefined)[]>();
  let changed = false;
  for await (const message of watchTasks(backend)({ filter: {}, untilEnded: false }, call)) {
    for (const { id = "", state } of (message as WatchTasksResponse).tasks ?? []) {
      told.set(id, [...(told.get(id) ?? []), String(state)]);
    }
    if (!changed) {
      // The first of several steps was told: one of these tasks is behind us, the other before us.
      for (const id of [early, late]) backend.change(id, { state: "running" });
      for (const id of [early, late]) backend.change(id, { state: "succeeded", endedAtMs: 1 });
      changed = true;
    }
    if (message.caughtUp) break;
  }
  expect(told.size).toBe(600);
  expect(told.get(early)).toEqual(["TASK_STATE_PENDING", "TASK_STATE_RUNNING", "TASK_STATE_SUCCEEDED"]);
  expect(told.get(late)).toEqual(["TASK_STATE_SUCCEEDED"]);
});

test("a revision stands only where everything up to it was told", async () => {
  const { backend } = await filled(600);
  const revisions: unknown[] = [];
  for await (const { revision, caughtUp } of watchTasks(backend)({}, call)) {
    revisions.push(revision);
    if (caughtUp) break;
  }
  expect(revisions).toEqual(["", "", "", "h1.600"]);
});
