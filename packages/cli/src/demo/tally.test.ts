/** What is counted from the files that tasks wrote. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { countsText, distribution, openRuns, reruns, tally, unfinished } from "./tally.ts";
import { parseTrace, readTraces } from "./traces.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-traces-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function traces(files: Readonly<Record<string, string>>) {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return readTraces(folder);
}

const once = "start node-1 1 100 1000\nend node-1 1 100 6000\n";
const movedOn = "start node-1 1 101 1000\nstart node-2 2 201 4100\nend node-2 2 201 9100\n";
const twice = "start node-1 1 102 1000\nstart node-2 2 202 4300\nend node-1 1 102 6000\nend node-2 2 202 9300\n";
const never = "start node-1 1 103 1000\n";

test("a task is lost when no run of it came to its end, whether or not one began", () => {
  const seen = traces({ once, movedOn, never });
  expect(tally(["once", "movedOn", "never", "unheard"], seen)).toEqual({ lost: 2, ranTwiceToCompletion: 0 });
  expect(unfinished(["once", "movedOn", "never", "unheard"], seen)).toEqual(["never", "unheard"]);
});

test("two ends are twice to completion, two beginnings are not", () => {
  expect(tally(["once", "movedOn", "twice"], traces({ once, movedOn, twice }))).toEqual({
    lost: 0,
    ranTwiceToCompletion: 1,
  });
});

test("two ends count also when they name the same attempt", () => {
  const same = "start n 1 5 1\nstart n 1 6 2\nend n 1 5 3\nend n 1 6 4\n";
  expect(tally(["same"], traces({ same }))).toEqual({ lost: 0, ranTwiceToCompletion: 1 });
});

test("a line that was cut off was not written", () => {
  expect(tally(["cut"], traces({ cut: "start node-1 1 100 1000\nend node-1 1 100 60" })).lost).toBe(1);
  expect(() => parseTrace("began node-1\n")).toThrow('"began node-1"');
});

test("runs are open until their own end, by node", () => {
  const open = openRuns(
    traces({ once, twice, never, half: "start node-2 1 7 1000\nstart node-3 1 8 1000\nend node-3 1 8 2\n" }),
  );
  const names = [...open].map(([nodeId, runs]) => [nodeId, runs.map(({ name }) => name)]);
  expect(Object.fromEntries(names)).toEqual({ "node-1": ["never"], "node-2": ["half"] });
});

test("a rerun is the first beginning on another node after the kill", () => {
  const seen = traces({ movedOn, never, before: "start node-2 1 9 1000\nstart node-1 2 10 1500\n" });
  expect(reruns(["movedOn", "never", "before"], seen, "node-1", 2_000)).toEqual([
    { name: "movedOn", nodeId: "node-2", afterMs: 2_100 },
  ]);
});

test.each([
  [[], null],
  [[7], { p50: 7, max: 7 }],
  [[30, 10], { p50: 10, max: 30 }],
  [[9, 100, 11], { p50: 11, max: 100 }],
])("of %j the p50 and max are %j", (values, expected) => {
  expect(distribution(values)).toEqual(expected);
});

test("counts are told in the order of their numbers", () => {
  expect(countsText(["node-10", "node-2", "node-10"])).toBe("node-2 1, node-10 2");
});
