/**
 * Tells whether two submissions ask for the same: a hash over the TaskSpec as it was sent, before defaults, so that a
 * repeat is recognised by a coordinator whose defaults have changed.
 *
 * Two encodings of one message may differ (the order of map entries is free), so the hash is taken over a canonical text.
 * It is SHA-256: clients choose the bodies, and must not be able to make two that count as one.
 */
import { hash } from "node:crypto";
import type { TaskSpec__Output } from "@holdfast/shared/contract/generated/holdfast/v1/TaskSpec.ts";

export function bodyHash(spec: TaskSpec__Output): string {
  return hash("sha256", canonicalText(spec), "base64url");
}

/** Over the hashes of all specs of a batch, in order. */
export function batchHash(specHashes: readonly string[]): string {
  return hash("sha256", specHashes.join(""), "base64url");
}

/** In the order of the field numbers; absent and default are the same, except where the contract says `optional`. */
function canonicalText(spec: TaskSpec__Output): string {
  const { resources, retry } = spec;
  return JSON.stringify([
    spec.name ?? "",
    spec.argv ?? [],
    spec.script?.toString("base64") ?? "",
    sortedEntries(spec.environment),
    spec.workingDirectory ?? "",
    spec.standardInput?.toString("base64") ?? "",
    spec.user ?? "",
    spec.timeoutMs ?? 0,
    spec.queueTimeoutMs ?? 0,
    spec.notBeforeMs ?? 0,
    spec.priority ?? 0,
    sortedEntries(spec.labels),
    spec.constraints?.map(({ key = "", operator = 0, values = [] }) => [key, operator, values]) ?? [],
    resources && [resources.cpuMillis ?? 0, resources.memoryBytes ?? 0, sortedEntries(resources.counts)],
    retry && [retry.maxRetries ?? 0, retry.backoffMs ?? 0, retry.backoffMaxMs ?? 0, retry.finalExitCodes ?? []],
    spec.stopSignal ?? "",
    spec.stopGraceMs,
    spec.outputLimitBytes ?? 0,
    // Fields that came later count only when they are set, so that what is kept of earlier submissions stays comparable.
    ...(spec.exclusive ? [["exclusive"]] : []),
  ]);
}

function sortedEntries<Value>(map: Record<string, Value> | undefined): [string, Value][] {
  if (map === undefined) return [];
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}
