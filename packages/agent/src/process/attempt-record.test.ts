import { expect, test } from "vitest";
import { parseAttemptKey } from "./attempt-folder.ts";
import { parseRecord, signalName } from "./attempt-record.ts";

test("a record without a whole line tells nothing", () => {
  expect(parseRecord("")).toEqual({ order: null, started: null, ended: null });
  expect(parseRecord('{"half')).toEqual({ order: null, started: null, ended: null });
});

test("a line counts only with its line end", () => {
  const text = '{"order":1}\n{"kind":"started","taskPid":7}\n{"kind":"ended","signal":9}';
  expect(parseRecord(text)).toEqual({ order: '{"order":1}', started: { taskPid: 7 }, ended: null });
  expect(parseRecord(`${text}\n`).ended).toEqual({ signal: "SIGKILL" });
});

test("a foreign line is an error", () => {
  expect(() => parseRecord('{}\n{"kind":"other"}\n')).toThrow("unknown line in an attempt's record");
});

test("signals have the names that people use", () => {
  expect([6, 9, 15, 29, 34].map(signalName)).toEqual(["SIGABRT", "SIGKILL", "SIGTERM", "SIGIO", "SIG34"]);
});

test("only attempts' names are keys", () => {
  expect(parseAttemptKey("main-01jd3v.12")).toEqual({ taskId: "main-01jd3v", attempt: 12 });
  for (const name of ["main", "main.0", "main.01", ".1", "../x.1", "a.b.1", "main.1.tmp"]) {
    expect(parseAttemptKey(name), name).toBe(null);
  }
});
