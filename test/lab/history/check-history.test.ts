/** The judge of histories is given good and bad ones, each as the lines that tasks would have written. */
import { expect, test } from "vitest";
import { checkHistory, type Verdict, violationsOf } from "./check-history.ts";
import {
  hearingLine,
  outcomeLine,
  readHearings,
  readOutcomes,
  readSubmissions,
  readTraceLines,
  submissionLine,
} from "./records.ts";

interface Told {
  /** `REQUEST` or `REQUEST exclusive`. */
  readonly acknowledged: readonly string[];
  readonly history: string;
  /** Of requests that the cluster does not tell to have succeeded: why, or null where it knows nothing of them. */
  readonly otherwise?: Readonly<Record<string, string | null>>;
  /** Node, and the seconds at which it was heard. */
  readonly heard?: Readonly<Record<string, readonly number[]>>;
}

function verdictOn({ acknowledged, history, otherwise = {}, heard }: Told): Verdict {
  const submissions = acknowledged.map((one) => {
    const [request = "", exclusive] = one.split(" ");
    return submissionLine({ request, taskId: `task-of-${request}`, exclusive: exclusive !== undefined });
  });
  const outcomes = acknowledged.flatMap((one) => {
    const [request = ""] = one.split(" ");
    const reason = otherwise[request];
    return reason === null ? [] : outcomeLine({ request, succeeded: reason === undefined, reason: reason ?? "" });
  });
  const hearings = Object.entries(heard ?? {}).flatMap(([nodeId, seconds]) => {
    return seconds.map((second) => hearingLine({ nodeId, fromS: second, toS: second }));
  });
  return checkHistory({
    submissions: readSubmissions(submissions.join("")),
    outcomes: readOutcomes(outcomes.join("")),
    lines: readTraceLines(history.replace(/^ +/gm, "")),
    hearings: heard === undefined ? null : readHearings(hearings.join("")),
    silenceMs: 3_000,
  });
}

const everySecond = Array.from({ length: 100 }, (_, second) => second);
const silentFrom10To20 = everySecond.filter((second) => second <= 10 || second >= 20);

test("each task that was acknowledged ran once: nothing to complain of", () => {
  const verdict = verdictOn({
    acknowledged: ["a", "b exclusive"],
    history: `start a t-a node-1 1 7.1 100 5.00
      start b t-b node-2 1 7.1 101 5.10
      alive b t-b node-2 1 7.1 101 5.30
      end a t-a node-1 1 7.1 100 6.00
      end b t-b node-2 1 7.1 101 5.50`,
  });
  expect(verdict).toMatchObject({ tasks: 2, exclusiveTasks: 1, runs: 2 });
  expect(violationsOf(verdict)).toBe(0);
});

test.each([
  ["never ran", "start b t-b node-1 1 7.1 100 5.00\nend b t-b node-1 1 7.1 100 6.00"],
  ["began and never ended", "start a t-a node-1 1 7.1 100 5.00\nstart a t-a node-2 2 7.2 101 9.00"],
])("an acknowledged task that %s is lost, and whoever tells that it succeeded tells an untruth", (_how, history) => {
  const verdict = verdictOn({ acknowledged: ["a"], history });
  expect(Object.keys(verdict.lost)).toEqual(["a"]);
  expect(Object.keys(verdict.untrue)).toEqual(["a"]);
  expect(violationsOf(verdict)).toBe(2);
});

const once = "start a t-a node-1 1 7.1 100 5.00\nend a t-a node-1 1 7.1 100 6.00";

test("an acknowledged task that the cluster knows nothing of any more is lost, although it ran", () => {
  const verdict = verdictOn({ acknowledged: ["a"], history: once, otherwise: { a: null } });
  expect(Object.keys(verdict.lost)).toEqual(["a"]);
});

test("a task that is told to have failed is not lost", () => {
  const verdict = verdictOn({ acknowledged: ["a"], history: "", otherwise: { a: "three nodes were lost" } });
  expect(Object.keys(verdict.failed)).toEqual(["a"]);
  expect(violationsOf(verdict)).toBe(0);
});

test("a task that nobody was promised may be missing", () => {
  expect(violationsOf(verdictOn({ acknowledged: [], history: "start a t-a node-1 1 7.1 100 5.00" }))).toBe(0);
});

const completedTwice = (secondStartS: number) => `start a t-a node-1 1 7.1 100 5.00
  start a t-a node-2 2 7.2 200 ${secondStartS}
  end a t-a node-1 1 7.1 100 18.00
  end a t-a node-2 2 7.2 200 19.00`;

test("a second completion is allowed after the first node was silent for long enough", () => {
  const heard = { "node-1": silentFrom10To20, "node-2": everySecond };
  const verdict = verdictOn({ acknowledged: ["a"], history: completedTwice(13.2), heard });
  expect(Object.keys(verdict.completedTwice)).toEqual(["a"]);
  expect(violationsOf(verdict)).toBe(0);
});

test.each([
  ["before the node was silent for long enough", 12.8, { "node-1": silentFrom10To20, "node-2": everySecond }],
  ["while the node was heard", 13.2, { "node-1": everySecond, "node-2": silentFrom10To20 }],
  ["and nobody listened", 13.2, undefined],
])("a second completion that began %s is outside the rule", (_when, startS, heard) => {
  const verdict = verdictOn({ acknowledged: ["a"], history: completedTwice(startS), ...(heard ? { heard } : {}) });
  expect(Object.keys(verdict.completedTwiceOutsideRule)).toEqual(["a"]);
  expect(violationsOf(verdict)).toBe(1);
});

test("a silence that was over before the first run began does not excuse a second", () => {
  const heard = { "node-1": everySecond.filter((second) => second <= 1 || second >= 4), "node-2": everySecond };
  const verdict = verdictOn({ acknowledged: ["a"], history: completedTwice(13.2), heard });
  expect(Object.keys(verdict.completedTwiceOutsideRule)).toEqual(["a"]);
});

test("a node that was never heard again excuses a second completion", () => {
  const heard = { "node-1": everySecond.slice(0, 10), "node-2": everySecond };
  expect(violationsOf(verdictOn({ acknowledged: ["a"], history: completedTwice(13.2), heard }))).toBe(0);
});

const twoRuns = (first: string, secondStart: string) => `start a t-a node-1 1 7.1 100 5.00
  ${first}
  ${secondStart} a t-a node-2 2 7.2 200 20.00
  end a t-a node-2 2 7.2 200 22.00`;

test("an exclusive task may run again after the first run was last seen", () => {
  const history = twoRuns("alive a t-a node-1 1 7.1 100 19.80", "start");
  expect(violationsOf(verdictOn({ acknowledged: ["a exclusive"], history }))).toBe(0);
});

test.each([
  ["the first was seen alive after the second began", twoRuns("alive a t-a node-1 1 7.1 100 20.20", "start")],
  ["the second found the first one's lock", twoRuns("alive a t-a node-1 1 7.1 100 19.80", "overlap")],
])("exclusive runs overlap when %s", (_how, history) => {
  const verdict = verdictOn({ acknowledged: ["a exclusive"], history });
  expect(Object.keys(verdict.exclusiveOverlaps)).toEqual(["a"]);
  expect(Object.keys(verdictOn({ acknowledged: ["a"], history }).exclusiveOverlaps), "of a task that is not").toEqual(
    [],
  );
});

test("an attempt that two processes began is told", () => {
  const history = `start a t-a node-1 1 7.1 100 5.00
    start a t-a node-1 1 7.1 101 6.00
    end a t-a node-1 1 7.1 101 7.00`;
  expect(Object.keys(verdictOn({ acknowledged: ["a"], history }).startedTwice)).toEqual(["a"]);
});

test("a request that became two tasks is told", () => {
  const history = `start a t-a node-1 1 7.1 100 5.00
    end a t-a node-1 1 7.1 100 6.00
    start a t-b node-1 1 7.1 101 7.00`;
  expect(Object.keys(verdictOn({ acknowledged: ["a"], history }).split)).toEqual(["a"]);
});

test("a history with a torn line is not believed", () => {
  expect(() => verdictOn({ acknowledged: [], history: "start a t-a node-1 1 7.1" })).toThrow(/not a line of a history/);
});
