import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { byteCount } from "./bytes.ts";
import { parseConstraint } from "./constraint.ts";
import { durationMs } from "./duration.ts";
import * as flag from "./flag.ts";
import { momentMs } from "./moment.ts";
import { taskStates } from "./states.ts";

test.each([
  ["500ms", 500],
  ["30s", 30_000],
  ["1.5m", 90_000],
  ["1h30m", 5_400_000],
  ["2d", 172_800_000],
  ["0", 0],
  ["30", undefined],
  ["-1s", undefined],
  ["1 s", undefined],
  ["", undefined],
])("duration %s", (text, expected) => expect(durationMs(text)).toBe(expected));

test.each([
  ["4096", 4096],
  ["1KiB", 1024],
  ["1.5GiB", 1_610_612_736],
  ["10MB", 10_000_000],
  ["1k", 1000],
  ["2Gi", 2_147_483_648],
  ["9999999PiB", undefined],
  ["1XB", undefined],
  ["-1", undefined],
])("bytes %s", (text, expected) => expect(byteCount(text)).toBe(expected));

test.each([
  ["zone in (a, b)", { key: "zone", operator: "OPERATOR_IN", values: ["a", "b"] }],
  ["zone not in (a)", { key: "zone", operator: "OPERATOR_NOT_IN", values: ["a"] }],
  ["zone notin(a)", { key: "zone", operator: "OPERATOR_NOT_IN", values: ["a"] }],
  ["gpu exists", { key: "gpu", operator: "OPERATOR_EXISTS" }],
  ["gpu not exists", { key: "gpu", operator: "OPERATOR_NOT_EXISTS" }],
  ["node.arch=x64", { key: "node.arch", operator: "OPERATOR_IN", values: ["x64"] }],
  ["node.id != n1", { key: "node.id", operator: "OPERATOR_NOT_IN", values: ["n1"] }],
  ["zone in ()", undefined],
  ["zone in (a,,b)", undefined],
  ["zone", undefined],
  ["zone > 3", undefined],
])("constraint %s", (text, expected) => expect(parseConstraint(text)).toEqual(expected));

test("moments are durations from now, or times", () => {
  expect(momentMs("10m", 1_000)).toBe(601_000);
  expect(momentMs("+1s", 1_000)).toBe(2_000);
  expect(momentMs("1970-01-01T00:00:05Z", 0)).toBe(5_000);
  expect(momentMs("tomorrow", 0)).toBeUndefined();
});

test("flags' values", () => {
  expect(flag.cpu("500m")).toBe(500);
  expect(flag.cpu("2")).toBe(2_000);
  expect(flag.cpu("0.25")).toBe(250);
  expect(() => flag.cpu("two")).toThrow(InvalidArgumentError);
  expect(flag.pair("b=c=d", { a: "" })).toEqual({ a: "", b: "c=d" });
  expect(() => flag.pair("=x")).toThrow("write KEY=VALUE");
  expect(flag.count("gpu=2")).toEqual({ gpu: 2 });
  expect(() => flag.count("gpu=-1")).toThrow("write NAME=COUNT");
  expect(flag.exitCodes("2,64", [1])).toEqual([1, 2, 64]);
  expect(() => flag.exitCodes("256")).toThrow("from 0 to 255");
  expect(flag.signalName("int")).toBe("SIGINT");
  expect(flag.words("a, b", ["c"])).toEqual(["c", "a", "b"]);
  expect(taskStates("timed_out,FAILED")).toEqual(["TASK_STATE_TIMED_OUT", "TASK_STATE_FAILED"]);
  expect(() => taskStates("done")).toThrow("write one or more of pending, ");
});
