import { expect, test } from "vitest";
import { EmptyBeforeStopped } from "./empty-before-stopped.ts";
import { attempt, committed, puts, task, violationsOf } from "./testing/told-history.ts";

const id = { taskId: "t1", attempt: 1, nodeId: "n1" } as const;
const started = { kind: "processStarted", ...id, exclusive: false, fence: "1.1" } as const;
const empty = { kind: "groupEmpty", ...id, exitCode: null, how: "stopped" } as const;
const report = {
  kind: "reportSent",
  ...id,
  instanceId: "a",
  coordinator: "c1",
  state: "cancelled",
  reason: "",
} as const;

test("an end that is told when nothing runs any more is accepted", () => {
  expect(
    violationsOf(EmptyBeforeStopped, [
      [0, started],
      [10, empty],
      [10, report],
    ]),
  ).toEqual([]);
});

test("a task that is cancelled while it runs is refused", () => {
  const stopping = attempt({ state: "stopping", stop: "superseded" });
  const history = [
    [0, started],
    [10, committed(1, puts(task({ state: "cancelled", attempts: [stopping] })))],
  ] as const;
  expect(violationsOf(EmptyBeforeStopped, history)).toEqual([
    expect.stringContaining("t1.1 is of a task that was committed as cancelled by c1"),
  ]);
});

test("an end that is reported or committed while it runs is refused", () => {
  const cancelled = task({ state: "cancelled", attempts: [attempt({ state: "cancelled", reason: "on request" })] });
  const history = [
    [0, started],
    [10, report],
    [20, committed(1, puts(cancelled))],
  ] as const;
  expect(violationsOf(EmptyBeforeStopped, history)).toEqual([
    expect.stringContaining("t1.1 was reported as cancelled by its node at 0.010 s, but runs on n1"),
    expect.stringContaining("t1.1 was committed as cancelled by c1 at 0.020 s, but runs on n1"),
  ]);
});
