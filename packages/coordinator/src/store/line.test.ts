/** Telling whether a task lives from its text, whatever a submitter wrote into it. */
import { expect, test } from "vitest";
import { isLiveTask } from "./line.ts";

const cases: readonly [string, object, boolean][] = [
  ["pending", { name: "a", state: "pending" }, true],
  ["stopping", { name: "a", state: "stopping" }, true],
  ["succeeded", { name: "a", state: "succeeded" }, false],
  ["timed out", { name: "a", state: "timedOut" }, false],
  ["a name that looks like a state", { name: '"state":"succeeded"', state: "running" }, true],
  ["a name with a brace", { name: "{", state: "failed" }, false],
  [
    "attempts and labels before the state",
    { attempts: [{ state: "failed" }], labels: { state: "x" }, state: "running" },
    true,
  ],
  ["attempts after the state", { state: "cancelled", attempts: [{ state: "running" }] }, false],
];

test.each(cases)("%s", (_, task, isLive) => {
  expect(isLiveTask(JSON.stringify(task))).toBe(isLive);
});
