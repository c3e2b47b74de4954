import type { TaskSpec__Output } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import { expect, test } from "vitest";
import type { NewTask } from "../../core/event.ts";
import { newTask } from "./task-spec.ts";
import { Violations } from "./violations.ts";

const exclusiveKillMs = 5_000;

function accepted(spec: TaskSpec__Output): NewTask {
  const task = newTask("main-1", spec, exclusiveKillMs);
  if (task instanceof Violations) return expect.fail(`refused: ${JSON.stringify(task.fields)}`);
  return task;
}

function refusedFields(spec: TaskSpec__Output): string[] {
  const task = newTask("main-1", spec, exclusiveKillMs);
  if (task instanceof Violations) return task.fields.map(({ field, description }) => `${field}: ${description}`);
  return expect.fail(`accepted: ${task.body}`);
}

const plain: TaskSpec__Output = { argv: ["/usr/bin/env", "true"] };

test("defaults are filled in, in the header and in the body", () => {
  const task = accepted(plain);
  expect(task).toMatchObject({
    id: "main-1",
    name: "env",
    priority: 0,
    stopGraceMs: 10_000,
    maxRetries: 0,
    backoffMs: 1_000,
    backoffMaxMs: 60_000,
    resources: { cpuMillis: 0, memoryBytes: 0, counts: {} },
  });
  expect(JSON.parse(task.body)).toEqual({
    name: "env",
    argv: ["/usr/bin/env", "true"],
    retry: { maxRetries: 0, backoffMs: 1_000, backoffMaxMs: 60_000, finalExitCodes: [] },
    stopSignal: "SIGTERM",
    stopGraceMs: 10_000,
    outputLimitBytes: 16 * 1024 * 1024,
  });
});

test("a grace of nothing is not the default, and bytes are base64 in the body", () => {
  const task = accepted({ script: Buffer.from("#!/bin/sh\n"), argv: ["x"], stopGraceMs: 0 });
  expect(task.stopGraceMs).toBe(0);
  expect(task.name).toBe("script");
  expect(JSON.parse(task.body).script).toBe(Buffer.from("#!/bin/sh\n").toString("base64"));
});

test("an exclusive task says so in its body, and its grace is bounded", () => {
  const task = accepted({ ...plain, exclusive: true });
  expect(task).toMatchObject({ exclusive: true, stopGraceMs: 5_000 });
  expect(JSON.parse(task.body)).toMatchObject({ exclusive: true, stopGraceMs: 5_000 });
  expect(accepted({ ...plain, exclusive: true, stopGraceMs: 0 }).stopGraceMs).toBe(0);
  expect(refusedFields({ ...plain, exclusive: true, stopGraceMs: 5_001 })).toEqual([
    expect.stringMatching(/^stop_grace_ms: is 5001; an exclusive task may have at most 5000: .*raise exclusiveKillMs/),
  ]);
  expect(accepted({ ...plain, exclusive: false }).bodyHash, "not exclusive is the default").toBe(
    accepted(plain).bodyHash,
  );
});

test("the hash is of what was sent: independent of the order of maps, different for any difference", () => {
  const one = accepted({ ...plain, labels: { a: "1", b: "2" }, environment: { X: "1", Y: "2" } });
  const other = accepted({ ...plain, labels: { b: "2", a: "1" }, environment: { Y: "2", X: "1" } });
  expect(one.bodyHash).toBe(other.bodyHash);
  const variants: TaskSpec__Output[] = [
    plain,
    { argv: ["/usr/bin/env", "true", ""] },
    { argv: ["/usr/bin/env true"] },
    { ...plain, stopGraceMs: 0 },
    { ...plain, stopGraceMs: 10_000 },
    { ...plain, labels: { a: "1" } },
    { ...plain, environment: { a: "1" } },
    { ...plain, standardInput: Buffer.from("x") },
    { ...plain, exclusive: true },
  ];
  expect(new Set(variants.map((spec) => accepted(spec).bodyHash)).size).toBe(variants.length);
});

const manyLabels = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, "v"]));
type Constraints = NonNullable<TaskSpec__Output["constraints"]>;
const unknownOperator = [{ key: "zone", operator: 9 }] as unknown as Constraints;

test.each<[string, TaskSpec__Output, RegExp]>([
  ["nothing to run", {}, /^argv: is empty/],
  ["an empty program", { argv: [""] }, /^argv: is empty/],
  ["a NUL byte in an argument", { argv: ["a", "b\0c"] }, /^argv\[1\]: has a NUL byte/],
  ["too many arguments", { argv: Array(1_025).fill("x") }, /^argv: has 1025 entries/],
  ["arguments too large", { argv: ["x", "é".repeat(65_536)] }, /^argv: has 131075 bytes/],
  ["a large script", { script: Buffer.alloc(65_537) }, /^script: has 65537 bytes/],
  ["large standard input", { ...plain, standardInput: Buffer.alloc(262_145) }, /^standard_input: has 262145 bytes/],
  ["a variable's bad name", { ...plain, environment: { "A-B": "1" } }, /^environment: has the name "A-B"/],
  ["a variable without a name", { ...plain, environment: { "": "1" } }, /^environment: has the name ""/],
  ["a NUL byte in a variable", { ...plain, environment: { A: "\0" } }, /^environment\[A\]: has a NUL byte/],
  ["a relative folder", { ...plain, workingDirectory: "tmp" }, /^working_directory: .*absolute/],
  ["a folder that climbs", { ...plain, workingDirectory: "/tmp/../etc" }, /^working_directory: .*without "\.\."/],
  ["a NUL byte in a folder", { ...plain, workingDirectory: "/a\0" }, /^working_directory: has a NUL byte/],
  ["a user's number", { ...plain, user: "0" }, /^user: is "0"/],
  ["an over-long name", { ...plain, name: "n".repeat(129) }, /^name: is "n{80}…"/],
  ["a name with a slash", { ...plain, name: "a/b" }, /^name: is "a\/b"/],
  ["100,000 labels", { ...plain, labels: manyLabels }, /^labels: has 100000 entries; at most 64/],
  ["a label's bad key", { ...plain, labels: { "a b": "1" } }, /^labels: has the key "a b"/],
  ["a label's empty value", { ...plain, labels: { a: "" } }, /^labels\[a\]: is ""/],
  ["a negative resource", { ...plain, resources: { cpuMillis: -1 } }, /^resources\.cpu_millis: is -1/],
  ["too much memory", { ...plain, resources: { memoryBytes: 2 ** 51 } }, /^resources\.memory_bytes: is/],
  ["a negative count", { ...plain, resources: { counts: { gpu: -2 } } }, /^resources\.counts\[gpu\]: is -2/],
  ["a count's bad name", { ...plain, resources: { counts: { "GPU!": 1 } } }, /^resources\.counts: has the name "GPU!"/],
  ["a negative timeout", { ...plain, timeoutMs: -1 }, /^timeout_ms: is -1/],
  ["a number beyond exactness", { ...plain, timeoutMs: 2 ** 63 }, /^timeout_ms: is/],
  ["a long grace", { ...plain, stopGraceMs: 3_600_001 }, /^stop_grace_ms: is 3600001/],
  ["too many retries", { ...plain, retry: { maxRetries: 101 } }, /^retry\.max_retries: is 101/],
  [
    "an impossible exit code",
    { ...plain, retry: { finalExitCodes: [0, 256] } },
    /^retry\.final_exit_codes\[1\]: is 256/,
  ],
  ["a backoff above its maximum", { ...plain, retry: { backoffMs: 9, backoffMaxMs: 5 } }, /^retry\.backoff_max_ms: /],
  ["a priority out of range", { ...plain, priority: 1_001 }, /^priority: is 1001/],
  ["an unknown signal", { ...plain, stopSignal: "SIGSTOP" }, /^stop_signal: is "SIGSTOP"; use one of SIGTERM/],
  ["an unknown operator", { ...plain, constraints: unknownOperator }, /^constraints\[0\]\.operator: is 9/],
  ["no operator", { ...plain, constraints: [{ key: "a" }] }, /^constraints\[0\]\.operator: is OPERATOR_UNSPECIFIED/],
  [
    "IN without values",
    { ...plain, constraints: [{ key: "a", operator: "OPERATOR_IN" }] },
    /^constraints\[0\]\.values: is empty/,
  ],
  [
    "EXISTS with values",
    { ...plain, constraints: [{ key: "a", operator: "OPERATOR_EXISTS", values: ["b"] }] },
    /^constraints\[0\]\.values: must be empty/,
  ],
])("refuses %s, naming the field", (_what, spec, expected) => {
  expect(refusedFields(spec)[0]).toMatch(expected);
});

test("everything that is wrong is told at once, and no more than anybody reads", () => {
  expect(refusedFields({ argv: ["\0"], priority: 5_000, timeoutMs: -1 })).toHaveLength(3);
  expect(refusedFields({ argv: Array(100).fill("\0") })).toHaveLength(20);
  const violations = newTask("main-1", { argv: Array(100).fill("\0") }, exclusiveKillMs) as Violations;
  expect(violations.error("specs[7].").message).toMatch(/^specs\[7\]\.argv\[0\]: .*\(and 99 more\)$/);
});
