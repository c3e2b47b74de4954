import pc from "picocolors";
import { expect, test } from "vitest";
import { coloursFor } from "./colours.ts";
import { commandLine } from "./command-line.ts";
import { toJsonLine } from "./json.ts";
import { age, relative } from "./moment.ts";
import { printable } from "./printable.ts";
import { formatBytes, formatCores, formatDuration, formatShare } from "./quantity.ts";
import { paintedState } from "./state.ts";
import { table } from "./table.ts";
import { taskTable } from "./task.ts";

const plain = pc.createColors(false);

test.each([
  [0, "0s"],
  [40, "0.1s"],
  [450, "0.5s"],
  [12_900, "12s"],
  [190_000, "3m10s"],
  [7_200_000, "2h"],
  [356_400_000, "4d3h"],
])("duration %d", (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

test("amounts", () => {
  expect(formatBytes(512)).toBe("512 B");
  expect(formatBytes(1_610_612_736)).toBe("1.5 GiB");
  expect(formatBytes(17_179_869_184)).toBe("16 GiB");
  expect(formatCores(500)).toBe("0.5");
  expect(formatShare(0.456)).toBe("46%");
  expect(formatShare(-1)).toBe("-");
});

test("times", () => {
  expect(relative(1_000, 13_000)).toBe("12s ago");
  expect(relative(13_000, 1_000)).toBe("in 12s");
  expect(relative(0, 1)).toBe("-");
  expect(age(undefined, 1)).toBe("-");
});

test("text from elsewhere cannot steer the terminal", () => {
  expect(printable("a\u001b[31mb\nc")).toBe("a\\x1b[31mb⏎c");
});

test("command lines can be pasted into a shell", () => {
  expect(commandLine(["sh", "-c", "echo it's"])).toBe(String.raw`sh -c 'echo it'\''s'`);
});

test("JSON is protobuf's: bytes as base64, without the loader's markers", () => {
  const message = { data: Buffer.from("ab"), exitCode: 0, _exitCode: "exitCode", list: [{ absent: undefined }] };
  expect(toJsonLine(message)).toBe('{"data":"YWI=","exitCode":0,"list":[{}]}');
});

test("colours need a terminal, and no NO_COLOR", () => {
  expect(coloursFor({ isTTY: true }, {}).red("x")).toBe("\u001b[31mx\u001b[39m");
  expect(coloursFor({ isTTY: true }, { NO_COLOR: "1" }).red("x")).toBe("x");
  expect(coloursFor({}, {}).red("x")).toBe("x");
  expect(paintedState("TASK_STATE_TIMED_OUT", plain)).toBe("timed out");
});

test("tables are aligned, without borders and spaces at the ends of lines", () => {
  expect(
    table(
      ["A", "LONG"],
      [
        ["xyz", "1"],
        ["", "22"],
      ],
      plain,
    ),
  ).toBe("A    LONG\nxyz  1\n     22");
});

test("tasks, one a line", () => {
  const task = {
    id: "main-1",
    spec: { argv: ["/bin/sleep", "5"] },
    state: "TASK_STATE_RUNNING" as const,
    submittedAtMs: 1_000,
    startedAtMs: 2_000,
    attempts: [{ number: 1, nodeId: "n1" }],
  };
  expect(
    taskTable([task], 12_000, plain)
      .split("\n")
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ["TASK", "NAME", "STATE", "NODE", "ATTEMPTS", "AGE", "RUN", "REASON"],
    ["main-1", "sleep", "running", "n1", "1", "11s", "10s"],
  ]);
});
