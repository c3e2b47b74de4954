import { expect, test } from "vitest";
import type { HappeningOf } from "../history.ts";
import { LateStarts } from "./late-starts.ts";
import { attempt, committed, node, puts, task, violationsOf } from "./testing/told-history.ts";

const launches = {
  kind: "agentDecided",
  nodeId: "n1",
  instanceId: "a",
  event: { kind: "tick" },
  records: [],
  effects: [{ kind: "launch", order: { taskId: "t1", attempt: 1 }, fence: "1.1" }],
} as unknown as HappeningOf<"agentDecided">;

const started = {
  kind: "processStarted",
  nodeId: "n1",
  taskId: "t1",
  attempt: 1,
  exclusive: false,
  fence: "1.1",
} as const;

test("a start of what is placed is accepted, and one that was decided before the loss", () => {
  const placed = committed(1, puts(node(), task({ state: "placed", attempts: [attempt({ state: "placed" })] })));
  const lost = puts(node({ lostAtMs: 1 }), task({ attempts: [attempt({ state: "lost", reason: "silent" })] }));
  expect(
    violationsOf(LateStarts, [
      [0, placed],
      [500, launches],
      [510, committed(2, lost)],
      [900, started],
    ]),
  ).toEqual([]);
});

test("a start of what was lost with its node, or has ended, is refused", () => {
  const lost = puts(node({ lostAtMs: 1 }), task({ attempts: [attempt({ state: "lost", reason: "silent" })] }));
  expect(
    violationsOf(LateStarts, [
      [0, committed(1, lost)],
      [500, launches],
      [510, started],
    ]),
  ).toEqual(["n1 started t1.1 at 0.510 s, which was committed as lost at 0.000 s"]);
  const cancelled = puts(task({ state: "cancelled", attempts: [attempt({ state: "cancelled", reason: "stopped" })] }));
  expect(
    violationsOf(LateStarts, [
      [0, committed(1, cancelled)],
      [1, started],
    ]),
  ).toHaveLength(1);
});
