import { expect, test } from "vitest";
import { SecondCompletions } from "./second-completions.ts";
import { attempt, committed, node, puts, task, violationsOf } from "./testing/told-history.ts";

const exited = { kind: "groupEmpty", taskId: "t1", exitCode: 0, how: "exited" } as const;
const first = { ...exited, attempt: 1, nodeId: "n1" } as const;
const second = { ...exited, attempt: 2, nodeId: "n2" } as const;

test("a second completion after its node was lost is accepted", () => {
  const lost = task({ attempts: [attempt({ state: "lost", reason: "its node was lost" })] });
  const history = [
    [0, first],
    [1, committed(1, puts(node({ lostAtMs: 1 }), lost))],
    [9, second],
  ] as const;
  expect(violationsOf(SecondCompletions, history)).toEqual([]);
});

test("a second completion without a loss is refused", () => {
  expect(
    violationsOf(SecondCompletions, [
      [0, first],
      [9, second],
    ]),
  ).toEqual(["t1.2 completed on n2 at 0.009 s, after t1.1 had on n1 at 0.000 s, and the node of t1.1 was never lost"]);
});
