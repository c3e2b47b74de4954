import { expect, test } from "vitest";
import { JustifiedLosses } from "./justified-losses.ts";
import { attempt, committed, node, puts, task, violationsOf } from "./testing/told-history.ts";

const heard = { kind: "heard", nodeId: "n1", instanceId: "a", what: "beat", sequence: 1, through: null } as const;
const lost = committed(2, puts(node({ lostAtMs: 1 })));
const joined = [0, committed(1, puts(node()))] as const;

test("a node that nobody has heard for lostAfterMs may be lost", () => {
  const history = [
    joined,
    [1_000, { ...heard, coordinatorId: "c1" }],
    [1_000, { ...heard, coordinatorId: "c2" }],
    [4_000, lost],
  ] as const;
  expect(violationsOf(JustifiedLosses, history)).toEqual([]);
});

test("a node that the leader or a peer in touch with it has heard lately may not", () => {
  const view = { kind: "viewHeard", coordinatorId: "c1", peerId: "c2", silentNodeIds: [] } as const;
  const history = [
    joined,
    [2_000, { ...heard, coordinatorId: "c1" }],
    [2_500, { ...heard, coordinatorId: "c2" }],
    [3_800, view],
    [4_000, lost],
  ] as const;
  expect(violationsOf(JustifiedLosses, history)).toEqual([
    "node n1 was taken for lost by c1 at 4.000 s, which had heard it 2000 ms before",
    "node n1 was taken for lost by c1 at 4.000 s, but c2, in touch with it, had heard it at 2.500 s",
  ]);
});

test("what a process had heard counts for what it decided, also when that takes effect after its end", () => {
  const started = { kind: "coordinatorStarted", coordinatorId: "c1" } as const;
  const decidedAt = (atMs: number) => {
    const sent = { kind: "commitSent", coordinatorId: "c1", batch: lost.batch } as const;
    return violationsOf(JustifiedLosses, [
      [0, started],
      joined,
      [1_000, { ...heard, coordinatorId: "c1" }],
      [atMs, sent],
      [4_500, started],
      [5_000, { ...heard, coordinatorId: "c1" }],
      [6_000, lost],
    ]);
  };
  expect(decidedAt(4_000)).toEqual([]);
  expect(decidedAt(3_000)).toEqual([expect.stringContaining("which had heard it 2000 ms before")]);
});

test("an attempt that is lost alone may not run", () => {
  const started = {
    kind: "processStarted",
    taskId: "t1",
    attempt: 1,
    nodeId: "n1",
    exclusive: false,
    fence: "1.1",
  } as const;
  const history = [
    joined,
    [1, committed(2, puts(task({ state: "running", attempts: [attempt()] })))],
    [2, started],
    [3, committed(3, puts(task({ attempts: [attempt({ state: "lost", reason: "not mentioned" })] })))],
  ] as const;
  expect(violationsOf(JustifiedLosses, history)).toEqual([
    expect.stringContaining('attempt 1 of t1 on n1 was lost at 0.003 s ("not mentioned"), but runs'),
  ]);
});
