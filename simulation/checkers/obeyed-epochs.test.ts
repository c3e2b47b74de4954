import { expect, test } from "vitest";
import { ObeyedEpochs } from "./obeyed-epochs.ts";
import { violationsOf } from "./testing/told-history.ts";

const obeyed = { kind: "obeyed", nodeId: "n1", what: "start", attempts: [{ taskId: "t1", attempt: 1 }] } as const;

test("a lower epoch is accepted where the higher one never reached the disk, and the process was another", () => {
  const history = [
    [0, { ...obeyed, instanceId: "a", epoch: 9 }],
    [10, { ...obeyed, instanceId: "b", epoch: 8 }],
  ] as const;
  expect(violationsOf(ObeyedEpochs, history)).toEqual([]);
});

test("a start for an epoch that is not on disk is refused", () => {
  const started = { kind: "processStarted", nodeId: "n1", taskId: "t0", attempt: 1, exclusive: false } as const;
  const history = [
    [0, { kind: "epochPersisted", nodeId: "n1", epoch: 8 }],
    [5, { ...started, fence: "8.1" }],
    [10, { ...started, fence: "9.1" }],
  ] as const;
  expect(violationsOf(ObeyedEpochs, history)).toEqual([
    "n1 started t0.1 at 0.010 s with fence 9.1, and has written down 8",
  ]);
});

test("a lower epoch than the one on disk is refused", () => {
  const history = [
    [0, { kind: "epochPersisted", nodeId: "n1", epoch: 9 }],
    [10, { ...obeyed, instanceId: "b", epoch: 8 }],
  ] as const;
  expect(violationsOf(ObeyedEpochs, history)).toEqual([
    "n1 obeyed a start of epoch 8 for t1.1 at 0.010 s, having met 9",
  ]);
});
