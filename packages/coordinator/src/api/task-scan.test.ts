import { expect, test } from "vitest";
import { type ScanLimits, type ScanStep, scanTasks } from "./task-scan.ts";
import { InstantBackend } from "./testing/instant-backend.ts";
import { newTask } from "./validate/task-spec.ts";
import { Violations } from "./validate/violations.ts";

const ids = Array.from({ length: 10 }, (_, at) => `main-${at}`);

/** Ten tasks, of which those with an odd number have ended. */
async function filled(): Promise<InstantBackend> {
  const backend = new InstantBackend("c1");
  for (const id of ids) {
    const task = newTask(id, { argv: ["/bin/true"] }, 5_000);
    if (task instanceof Violations) throw task.error();
    await backend.write<"submit">({ kind: "submit", namespace: "default", requestId: "", task });
  }
  for (const id of ids.filter((_, at) => at % 2 === 1)) backend.change(id, { state: "succeeded", endedAtMs: 1 });
  return backend;
}

const everything = { namespace: "default", selection: {}, after: "", newestFirst: false, maxTasks: 100 };

/** All steps after one another. */
async function scan(backend: InstantBackend, limits: ScanLimits, request = everything): Promise<string[][]> {
  const steps: string[][] = [];
  for (let after: string | null = request.after; after !== null; ) {
    const position: string = after;
    const step: ScanStep = await backend.read((view) => scanTasks(view, { ...request, after: position }, limits));
    steps.push(step.tasks.map(({ id }) => id));
    after = step.next;
  }
  return steps;
}

test.each<[string, ScanLimits]>([
  ["work", { budget: 1, maxBytes: 1e9 }],
  ["answer", { budget: 1e9, maxBytes: 1 }],
])("a limit on the %s ends a step, and the next one goes on behind it", async (_what, limits) => {
  const steps = await scan(await filled(), limits);
  expect(steps.length).toBeGreaterThanOrEqual(ids.length);
  expect(steps.flat()).toEqual(ids);
  expect((await scan(await filled(), limits, { ...everything, newestFirst: true })).flat()).toEqual([...ids].reverse());
});

test("ended tasks are not even decoded when only others are wanted", async () => {
  const backend = await filled();
  const request = { ...everything, selection: { states: ["pending" as const] } };
  expect(await scan(backend, { budget: ids.length + 1, maxBytes: 1e9 }, request)).toEqual([
    ["main-0", "main-2", "main-4", "main-6", "main-8"],
  ]);
});

test("another namespace sees nothing", async () => {
  const request = { ...everything, namespace: "other" };
  expect((await scan(await filled(), { budget: 1e9, maxBytes: 1e9 }, request)).flat()).toEqual([]);
});
