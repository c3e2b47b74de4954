/** From what a supervisor recorded, or did not record, to how the attempt ended. */
import type { AttemptEnd, EndState, Limits } from "./attempt.ts";
import type { Ending } from "./event.ts";
import { leaseOverReason } from "./leases.ts";
import { timeoutReason } from "./stopping.ts";

/** @param stopReason of the order that stopped it, where it is still known */
export function endOf(ending: Ending, limits: Limits, stopReason: string | null): AttemptEnd {
  const { startedAtMs, endedAtMs, exitCode, signal, usage } = ending;
  return { ...verdict(ending, limits, stopReason), startedAtMs, endedAtMs, exitCode, signal, usage };
}

/**
 * What may be wrong with the task itself, as the supervisor words it; any other obstacle (a full disk, no room for a
 * process, no right to become a user) is this node's, and the task may start elsewhere.
 */
const faultsOfTheTask = /^cannot (execute|enter the working directory) /;

function verdict(ending: Ending, limits: Limits, stopReason: string | null): Pick<AttemptEnd, "state" | "reason"> {
  if (ending.startError !== "") {
    return { state: faultsOfTheTask.test(ending.startError) ? "failed" : "refused", reason: ending.startError };
  }
  if (ending.stopCause === "timeout") return { state: "timedOut", reason: timeoutReason(limits.timeoutMs) };
  if (ending.stopCause === "lease") return { state: "lost", reason: leaseOverReason };
  if (ending.stopCause === "stop") return { state: "cancelled", reason: stopReason ?? "stopped on the leader's order" };
  if (ending.signal !== "") return { state: "failed", reason: `killed by ${ending.signal}` };
  if (ending.exitCode === 0) return { state: "succeeded", reason: "" };
  return { state: "failed", reason: `exit code ${ending.exitCode}` };
}

/** Of an attempt that never ran here. */
export function endWithoutProcess(endedAtMs: number): Omit<AttemptEnd, "state" | "reason"> {
  return { startedAtMs: 0, endedAtMs, exitCode: null, signal: "", usage: null };
}

/** Of an attempt that ran, but nobody recorded how it ended. */
export function unrecordedEnd(state: EndState, reason: string, startedAtMs: number, endedAtMs: number): AttemptEnd {
  return { ...endWithoutProcess(endedAtMs), state, reason, startedAtMs };
}
