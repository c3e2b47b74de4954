/** Between what agents say on the wire and what the core takes, with everything bounded and checked on the way in. */
import type { AttemptReport__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptReport.ts";
import type { AttemptState__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptState.ts";
import type { Farewell__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Farewell.ts";
import { Health } from "@holdfast/shared/contract/generated/holdfast/v1/Health.ts";
import type { Hello__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { Inventory__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Inventory.ts";
import type { LeaseGrant } from "@holdfast/shared/contract/generated/holdfast/v1/LeaseGrant.ts";
import type { NodeCheck } from "@holdfast/shared/contract/generated/holdfast/v1/NodeCheck.ts";
import type { NodeChecks__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeChecks.ts";
import type { NodeMetrics__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { Order } from "@holdfast/shared/contract/generated/holdfast/v1/Order.ts";
import type { TaskSpec } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";
import { invalidField } from "@holdfast/shared/errors.ts";
import type { GrantEffect, StartEffect, StopEffect } from "../core/effect.ts";
import type { AttemptNews, NodeHello, NodeLoad } from "../core/event.ts";
import type { AttemptState, NodeInventory, StopCause } from "../core/record.ts";

const reportStates: { readonly [State in Exclude<AttemptState__Output, number>]?: AttemptState } = {
  ATTEMPT_STATE_STARTING: "starting",
  ATTEMPT_STATE_RUNNING: "running",
  ATTEMPT_STATE_STOPPING: "stopping",
  ATTEMPT_STATE_SUCCEEDED: "succeeded",
  ATTEMPT_STATE_FAILED: "failed",
  ATTEMPT_STATE_TIMED_OUT: "timedOut",
  ATTEMPT_STATE_CANCELLED: "cancelled",
  ATTEMPT_STATE_LOST: "lost",
  ATTEMPT_STATE_REFUSED: "refused",
};

const stopOutcomes: { readonly [Cause in StopCause]: Exclude<AttemptState__Output, number> } = {
  cancelled: "ATTEMPT_STATE_CANCELLED",
  drained: "ATTEMPT_STATE_CANCELLED",
  superseded: "ATTEMPT_STATE_CANCELLED",
  // Never ordered: its supervisor knows.
  leaseOver: "ATTEMPT_STATE_LOST",
};

const identityPattern = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/;
const maxReasonLength = 1_024;
const maxTailBytes = 20_480;
const maxLabels = 64;
const maxChecks = 64;
const maxActionLength = 512;
/**
 * Epochs count milliseconds of the wall clock in thousandths, so honest ones get here in the year 2223. A coordinator has to
 * outbid whatever it has met: one claim near 2^53, and no coordinator could ever lead again.
 */
const maxEpoch = 8e15;

/** @throws HoldfastError (invalidArgument) that names the field. */
export function helloFrom(message: Hello__Output): NodeHello {
  const nodeId = checkIdentity("hello.node_id", message.nodeId);
  return {
    nodeId,
    bootId: checkIdentity("hello.boot_id", message.bootId),
    instanceId: checkIdentity("hello.instance_id", message.instanceId),
    highestEpoch: epochFrom("hello.highest_epoch", message.highestEpoch),
    nodeClass: message.nodeClass === undefined ? "default" : checkIdentity("hello.node_class", message.nodeClass),
    labels: checkLabels(message.labels ?? {}),
    agentVersion: bounded(message.agentVersion, 64),
    inventory: inventoryFrom(message.inventory ?? {}),
    attempts: (message.attempts ?? []).map(newsFrom),
  };
}

/** @throws HoldfastError (invalidArgument) that names the field. */
export function newsFrom(report: AttemptReport__Output): AttemptNews {
  const state = reportStates[report.state as Exclude<AttemptState__Output, number>];
  if (state === undefined) throw invalidField("report.state", `is ${report.state}, which an agent cannot report`);
  const tail = report.outputTail ?? Buffer.alloc(0);
  if (tail.length > maxTailBytes)
    throw invalidField("report.output_tail", `has ${tail.length} bytes of ${maxTailBytes}`);
  const { usage } = report;
  return {
    taskId: checkIdentity("report.task_id", report.taskId),
    attempt: positive("report.attempt", report.attempt),
    state,
    reason: bounded(report.reason, maxReasonLength),
    startedAtMs: nonNegative(report.startedAtMs),
    endedAtMs: nonNegative(report.endedAtMs),
    exitCode: report.exitCode ?? null,
    signal: bounded(report.signal, 32),
    outputTail: tail.toString("base64"),
    usage:
      usage === undefined
        ? null
        : {
            cpuUserMs: nonNegative(usage.cpuUserMs),
            cpuSystemMs: nonNegative(usage.cpuSystemMs),
            maxResidentBytes: nonNegative(usage.maxResidentBytes),
            outputBytes: nonNegative(usage.outputBytes),
          },
  };
}

/** 0: none was met. @throws HoldfastError (invalidArgument) that names the field. */
export function epochFrom(field: string, epoch = 0): number {
  if (epoch <= maxEpoch) return epoch;
  throw invalidField(
    field,
    `is ${epoch}, which no coordinator can have led with; the highest that is believed is ${maxEpoch}`,
  );
}

export function farewellFrom({ returning = false, reason }: Farewell__Output): { returning: boolean; reason: string } {
  return { returning, reason: bounded(reason, maxReasonLength) };
}

export function loadFrom(metrics: NodeMetrics__Output): NodeLoad {
  return { cpuUsed: finite(metrics.cpuUsed, -1), memoryUsedBytes: finite(metrics.memoryUsedBytes, -1) };
}

/**
 * The first so many, each with its texts cut to their lengths; a state that this version does not know is unknown.
 * @throws HoldfastError (invalidArgument) that names the field.
 */
export function checksFrom({ checks = [] }: NodeChecks__Output): readonly NodeCheck[] {
  return checks.slice(0, maxChecks).map((check) => ({
    name: checkIdentity("checks.name", check.name),
    health: isHealth(check.health) ? check.health : Health.HEALTH_UNKNOWN,
    reason: bounded(check.reason, maxReasonLength),
    suggestedAction: bounded(check.suggestedAction, maxActionLength),
    sinceMs: nonNegative(check.sinceMs),
    checkedAtMs: nonNegative(check.checkedAtMs),
  }));
}

/** A number is a state of a later version. */
function isHealth(health: unknown): health is Exclude<keyof typeof Health, "HEALTH_UNSPECIFIED"> {
  return typeof health === "string" && health !== Health.HEALTH_UNSPECIFIED && Object.hasOwn(Health, health);
}

/** The agent process that is meant, and its beat from which times count. */
export interface BeatAddress {
  readonly answersBeat: number;
  readonly instanceId: string;
}

export interface StartAddress extends BeatAddress {
  readonly validForMs: number;
}

export function startOrder(effect: StartEffect, address: StartAddress): Order {
  const { taskId, attempt, namespace, body, leaseMs } = effect;
  const devices = Object.fromEntries(
    Object.entries(effect.devices).map(([name, numbers]) => [name, { numbers: [...numbers] }]),
  );
  // A body is protobuf's own JSON, base64 for bytes included, which the encoder takes as it is.
  const spec = JSON.parse(body) as TaskSpec;
  return { start: { taskId, attempt, namespace, spec, devices, leaseMs, ...address } };
}

export function leaseGrant({ leaseMs, attempts }: GrantEffect, epoch: number, address: BeatAddress): LeaseGrant {
  return { epoch, leaseMs, attempts: [...attempts], ...address };
}

export function stopOrder({ taskId, attempt, cause, reason }: StopEffect): Order {
  return { stop: { taskId, attempt, outcome: stopOutcomes[cause], reason } };
}

function inventoryFrom(message: Inventory__Output): NodeInventory {
  const allocatable = message.allocatable ?? {};
  const counts: Record<string, number> = {};
  for (const [name, count] of Object.entries(allocatable.counts ?? {}).slice(0, maxLabels)) {
    counts[bounded(name, 63)] = nonNegative(count);
  }
  return {
    hostname: bounded(message.hostname, 255),
    os: bounded(message.os, 128),
    kernel: bounded(message.kernel, 128),
    arch: bounded(message.arch, 32),
    cpuModel: bounded(message.cpuModel, 128),
    cpuCores: nonNegative(message.cpuCores),
    memoryBytes: nonNegative(message.memoryBytes),
    swapBytes: nonNegative(message.swapBytes),
    allocatable: {
      cpuMillis: nonNegative(allocatable.cpuMillis),
      memoryBytes: nonNegative(allocatable.memoryBytes),
      counts,
    },
    gpus: (message.gpus ?? []).slice(0, 64).map((gpu) => ({
      number: nonNegative(gpu.number),
      uuid: bounded(gpu.uuid, 64),
      model: bounded(gpu.model, 128),
      memoryBytes: nonNegative(gpu.memoryBytes),
    })),
    manufacturer: bounded(message.manufacturer, 128),
    model: bounded(message.model, 128),
    virtualization: bounded(message.virtualization, 64),
  };
}

/** @throws HoldfastError (invalidArgument) that names the field. */
export function checkIdentity(field: string, value: string | undefined): string {
  if (value !== undefined && identityPattern.test(value)) return value;
  throw invalidField(
    field,
    `is ${JSON.stringify(value ?? "")}; use 1 to 128 of A-Z a-z 0-9 . _ -, none but letters and digits at its ends`,
  );
}

function checkLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels)
    throw invalidField("hello.labels", `has ${entries.length} labels, at most ${maxLabels}`);
  for (const [key, value] of entries) {
    if (key.length === 0 || key.length > 63 || value.length > 63) {
      throw invalidField("hello.labels", `${JSON.stringify(key.slice(0, 80))} is not a label: 1 to 63 characters each`);
    }
  }
  return labels;
}

function positive(field: string, value: number | undefined): number {
  if (value !== undefined && Number.isSafeInteger(value) && value > 0) return value;
  throw invalidField(field, `is ${value ?? 0}, must be 1 or more`);
}

function nonNegative(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : 0;
}

function finite(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isFinite(value) ? value : otherwise;
}

function bounded(value: string | undefined, length: number): string {
  return (value ?? "").slice(0, length);
}
