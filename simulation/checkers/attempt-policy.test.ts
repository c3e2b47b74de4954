import { expect, test } from "vitest";
import { AttemptPolicy } from "./attempt-policy.ts";
import { attempt, committed, node, puts, task, violationsOf } from "./testing/told-history.ts";

const failed = attempt({ state: "failed", reason: "exit code 1", exitCode: 1 });
const placed = attempt({ number: 2, state: "placed" });

test("a retry after a failure is accepted", () => {
  const history = [
    [0, committed(1, puts(node(), task({ state: "running", attempts: [attempt()] })))],
    [1, committed(2, puts(task({ failures: 1, attempts: [failed] })))],
    [2, committed(3, puts(task({ state: "placed", failures: 1, attempts: [failed, placed] })))],
  ] as const;
  expect(violationsOf(AttemptPolicy, history)).toEqual([]);
});

test("a placement beside a live attempt, on a lost node, is refused", () => {
  const history = [
    [0, committed(1, puts(node({ lostAtMs: 1 }), task({ state: "running", attempts: [attempt()] })))],
    [1, committed(2, puts(task({ state: "placed", attempts: [attempt(), placed] })))],
  ] as const;
  expect(violationsOf(AttemptPolicy, history)).toEqual([
    expect.stringContaining("t1.2 was placed on n1 by c1 at 0.001 s, which is lost"),
    expect.stringContaining("but attempt 1 on n1 is running"),
  ]);
});

test("a loss that eats a retry, an end without a reason, and a failure before the retries are used up are refused", () => {
  const lost = attempt({ state: "lost", reason: "" });
  const history = [
    [0, committed(1, puts(node(), task({ state: "running", attempts: [attempt()] })))],
    [1, committed(2, puts(task({ state: "failed", reason: "lost", failures: 1, attempts: [lost] })))],
  ] as const;
  expect(violationsOf(AttemptPolicy, history)).toEqual([
    expect.stringContaining("is lost without a reason"),
    expect.stringContaining("failures of task t1 grew by 1"),
    expect.stringContaining("failed in log/1.2"),
  ]);
});
