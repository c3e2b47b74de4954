/**
 * From a TaskSpec as it came over the wire to a task that the core takes: checked, bounded, defaults filled in. Takes a
 * few microseconds, since a batch brings a thousand.
 */
import type { TaskSpec__Output } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import type { NewTask } from "../../core/event.ts";
import { constraintMessage } from "../convert/task.ts";
import { bodyHash } from "./body-hash.ts";
import { checkConstraints, checkLabels, checkResources } from "./placement-wishes.ts";
import { checkProgram } from "./program.ts";
import { integer, quoted, Violations } from "./violations.ts";

const hourMs = 3_600_000;
const maxDurationMs = 10 * 366 * 24 * hourMs;
/** The end of the year 9999. */
const maxUnixMs = 253_402_300_799_999;
const maxGraceMs = hourMs;
const maxBackoffMs = 24 * hourMs;
const maxRetries = 100;
const maxPriority = 1_000;
const maxOutputBytes = 2 ** 40;

const defaultGraceMs = 10_000;
const defaultBackoffMs = 1_000;
const defaultBackoffMaxMs = 60_000;
const defaultOutputBytes = 16 * 1024 * 1024;
const defaultStopSignal = "SIGTERM";

const namePattern = /^[A-Za-z0-9._-]{1,128}$/;

/**
 * @param exclusiveKillMs longest stop grace of an exclusive task: how long killing one may take is part of its bound
 * @returns the task, or what is wrong with the spec; paths are relative to it.
 */
export function newTask(id: string, spec: TaskSpec__Output, exclusiveKillMs: number): NewTask | Violations {
  const violations = new Violations();
  const programName = checkProgram(violations, spec);
  const name = checkName(violations, spec.name) || programName;
  const labels = checkLabels(violations, spec.labels);
  const constraints = checkConstraints(violations, spec.constraints);
  const resources = checkResources(violations, spec.resources);
  const timing = checkTiming(violations, spec);
  const stopGraceMs = checkStopGrace(violations, spec, exclusiveKillMs);
  const retry = checkRetry(violations, spec);
  const outputLimitBytes =
    integer(violations, "output_limit_bytes", spec.outputLimitBytes, 0, maxOutputBytes) || defaultOutputBytes;
  if (violations.any) return violations;
  const exclusive = spec.exclusive ?? false;
  const task = { id, name, labels, constraints, resources, ...timing, stopGraceMs, ...retry, exclusive };
  return { ...task, bodyHash: bodyHash(spec), body: bodyOf(spec, task, outputLimitBytes) };
}

function checkName(violations: Violations, name = ""): string {
  if (name !== "" && !namePattern.test(name)) {
    violations.add("name", `is ${quoted(name)}; use 1 to 128 of A-Z a-z 0-9 . _ -`);
  }
  return name;
}

function checkTiming(violations: Violations, spec: TaskSpec__Output) {
  return {
    timeoutMs: integer(violations, "timeout_ms", spec.timeoutMs, 0, maxDurationMs),
    queueTimeoutMs: integer(violations, "queue_timeout_ms", spec.queueTimeoutMs, 0, maxDurationMs),
    notBeforeMs: integer(violations, "not_before_ms", spec.notBeforeMs, 0, maxUnixMs),
    priority: integer(violations, "priority", spec.priority, -maxPriority, maxPriority),
  };
}

function checkStopGrace(violations: Violations, spec: TaskSpec__Output, exclusiveKillMs: number): number {
  if (!spec.exclusive) return integer(violations, "stop_grace_ms", spec.stopGraceMs ?? defaultGraceMs, 0, maxGraceMs);
  const graceMs = integer(violations, "stop_grace_ms", spec.stopGraceMs ?? 0, 0, maxGraceMs);
  if (graceMs > exclusiveKillMs) {
    const remedy = "ask for less, or raise exclusiveKillMs (and exclusiveReassignMs with it) on all coordinators";
    violations.add("stop_grace_ms", `is ${graceMs}; an exclusive task may have at most ${exclusiveKillMs}: ${remedy}`);
  }
  return spec.stopGraceMs === undefined ? Math.min(defaultGraceMs, exclusiveKillMs) : graceMs;
}

function checkRetry(violations: Violations, spec: TaskSpec__Output) {
  const retry = spec.retry ?? {};
  const backoffMs = integer(violations, "retry.backoff_ms", retry.backoffMs, 0, maxBackoffMs) || defaultBackoffMs;
  const sentMaxMs = integer(violations, "retry.backoff_max_ms", retry.backoffMaxMs, 0, maxBackoffMs);
  if (sentMaxMs > 0 && sentMaxMs < backoffMs) {
    violations.add("retry.backoff_max_ms", `is ${sentMaxMs}, below backoff_ms, which is ${backoffMs}`);
  }
  return {
    maxRetries: integer(violations, "retry.max_retries", retry.maxRetries, 0, maxRetries),
    backoffMs,
    backoffMaxMs: sentMaxMs || Math.max(defaultBackoffMaxMs, backoffMs),
    finalExitCodes: checkExitCodes(violations, retry.finalExitCodes),
  };
}

const noExitCodes: readonly number[] = Object.freeze([]);

function checkExitCodes(violations: Violations, codes: readonly number[] | undefined): readonly number[] {
  if (codes === undefined || codes.length === 0) return noExitCodes;
  if (codes.length > 256) {
    violations.add("retry.final_exit_codes", `has ${codes.length} entries; there are only 256 exit codes`);
    return noExitCodes;
  }
  for (const [index, code] of codes.entries()) integer(violations, `retry.final_exit_codes[${index}]`, code, 0, 255);
  return codes;
}

type Header = Omit<NewTask, "bodyHash" | "body">;

/**
 * The body: the TaskSpec in protobuf's own form of JSON (bytes as base64) with defaults filled in, so that a node needs
 * to know none, and an old body means the same after the defaults have changed. Empty fields are left out.
 */
function bodyOf(spec: TaskSpec__Output, task: Header, outputLimitBytes: number): string {
  const { maxRetries, backoffMs, backoffMaxMs, finalExitCodes } = task;
  return JSON.stringify({
    name: task.name,
    argv: spec.argv,
    script: base64(spec.script),
    environment: spec.environment,
    workingDirectory: spec.workingDirectory,
    standardInput: base64(spec.standardInput),
    user: spec.user,
    timeoutMs: task.timeoutMs || undefined,
    queueTimeoutMs: task.queueTimeoutMs || undefined,
    notBeforeMs: task.notBeforeMs || undefined,
    priority: task.priority || undefined,
    labels: spec.labels,
    constraints: task.constraints.length === 0 ? undefined : task.constraints.map(constraintMessage),
    resources: spec.resources === undefined ? undefined : task.resources,
    retry: { maxRetries, backoffMs, backoffMaxMs, finalExitCodes },
    stopSignal: spec.stopSignal || defaultStopSignal,
    stopGraceMs: task.stopGraceMs,
    outputLimitBytes,
    exclusive: task.exclusive || undefined,
  });
}

function base64(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.length === 0 ? undefined : bytes.toString("base64");
}
