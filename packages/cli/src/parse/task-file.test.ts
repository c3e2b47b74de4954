import { expect, test } from "vitest";
import { parseTaskFile } from "./task-file.ts";

test("units, constraints and scripts may be written as text", () => {
  const line = {
    argv: ["a"],
    scriptText: "#!/bin/sh\ntrue",
    timeoutMs: "1m",
    stopGraceMs: 5,
    exclusive: true,
    constraints: ["zone in (a,b)", { key: "gpu", operator: "OPERATOR_EXISTS" }],
    resources: { memoryBytes: "1KiB", counts: { gpu: 1 } },
    retry: { maxRetries: 2, backoffMs: "2s" },
  };
  const { specs, lines } = parseTaskFile(`\n${JSON.stringify(line)}\n\n{"argv":["b"]}\n`, "tasks");
  expect(lines).toEqual([2, 4]);
  expect(specs).toEqual([
    {
      argv: ["a"],
      script: Buffer.from("#!/bin/sh\ntrue"),
      timeoutMs: 60_000,
      stopGraceMs: 5,
      exclusive: true,
      constraints: [
        { key: "zone", operator: "OPERATOR_IN", values: ["a", "b"] },
        { key: "gpu", operator: "OPERATOR_EXISTS" },
      ],
      resources: { memoryBytes: 1024, counts: { gpu: 1 } },
      retry: { maxRetries: 2, backoffMs: 2_000 },
    },
    { argv: ["b"] },
  ]);
});

test("mistakes are told with line, field and remedy, several at once", () => {
  const text = '{"argv":["a"]}\n{"argv":"a"}\nnot json\n{"argv":["a"],"timeoutMs":"soon"}\n{"argc":1}';
  expect(() => parseTaskFile(text, "tasks")).toThrow(
    expect.objectContaining({
      name: "UsageError",
      message: expect.stringMatching(
        /^nothing was submitted\ntasks:2: argv: .*array.*\ntasks:3: not a JSON object .*\ntasks:4: timeoutMs: "soon": write a duration .*\ntasks:5: .*argc/,
      ),
    }),
  );
});

test("a file without tasks is a mistake", () => {
  expect(() => parseTaskFile("\n\n", "standard input")).toThrow("standard input holds no task");
});
