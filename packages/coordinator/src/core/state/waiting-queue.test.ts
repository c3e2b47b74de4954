/** The queues of a copy that nobody places from. */
import { expect, test } from "vitest";
import { World } from "../testing/world.ts";
import type { State } from "./state.ts";

function entries({ queue, delayed, queueDeadlines }: State): number {
  let waiting = 0;
  for (const shape of queue.shapes.values()) waiting += shape.waiting.size;
  return waiting + delayed.size + queueDeadlines.size;
}

test("a standby's queues stay as small as what waits, however many tasks have come and gone", () => {
  const world = new World();
  const delayed = world.submit({ notBeforeMs: 1_900_000_000_000 });
  const waiting = world.submit({
    queueTimeoutMs: 3_600_000,
    resources: { cpuMillis: 1e6, memoryBytes: 1, counts: {} },
  });
  world.join("a");
  for (let round = 0; round < 20; round += 1) {
    // Written down as waiting first: what is placed at once never stood in a standby's queue.
    world.write({ kind: "pausePlacement", reason: "" });
    const ids = Array.from({ length: 60 }, () => world.submit({ queueTimeoutMs: 60_000 }));
    world.write({ kind: "resumePlacement" });
    for (const taskId of ids) world.report("a", { taskId, state: "succeeded", exitCode: 0 });
  }
  expect(world.replica.counts.get("succeeded")).toBe(1_200);
  expect(entries(world.replica), "each of them has stood in two queues").toBeLessThanOrEqual(2_003);
  expect([...world.replica.delayed.items()]).toEqual([delayed]);
  expect([...world.replica.queueDeadlines.items()]).toContain(waiting);
  expect([...world.replica.queue.shapes.values()].flatMap((shape) => [...shape.waiting.items()])).toContain(waiting);
});
