import { expect, test } from "vitest";
import { TerminalStates } from "./terminal-states.ts";
import { attempt, committed, puts, task, violationsOf } from "./testing/told-history.ts";

const succeeded = task({ state: "succeeded", endedAtMs: 2_000, attempts: [attempt({ state: "succeeded" })] });

test("a lost attempt may turn out to have succeeded", () => {
  const lost = task({ state: "pending", attempts: [attempt({ state: "lost" })] });
  expect(
    violationsOf(TerminalStates, [
      [0, committed(1, puts(lost))],
      [10, committed(2, puts(succeeded))],
    ]),
  ).toEqual([]);
});

test("an end that is taken back is refused", () => {
  const history = [
    [0, committed(1, puts(succeeded))],
    [10, committed(2, puts(task({ state: "pending", attempts: [attempt({ state: "failed" })] })))],
  ] as const;
  expect(violationsOf(TerminalStates, history)).toEqual([
    expect.stringContaining("task t1 had ended as succeeded and became pending"),
    expect.stringContaining("attempt 1 of t1 on n1 had ended as succeeded and became failed"),
  ]);
});
