/** Reports of attempts as messages of the contract, with the output's tail, in pieces that the transport takes. */
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { AttemptReport as WireReport } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptReport.ts";
import type { AttemptState__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptState.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { AttemptId, AttemptReport } from "../core/attempt.ts";
import type { HelloMessage } from "../core/effect.ts";

/** The last output of an ended attempt: whole frames of its supervisor. Empty where there is none. */
export type OutputTail = (id: AttemptId) => Buffer;

/** Below the limit of a message, with room for the fields around the reports. */
const reportsBudgetBytes = 512 * 1024;
/** What a report takes without its tail and reason, generously. */
const reportBytes = 256;

const wireStates: Readonly<Record<AttemptReport["state"], AttemptState__Output>> = {
  starting: "ATTEMPT_STATE_STARTING",
  running: "ATTEMPT_STATE_RUNNING",
  stopping: "ATTEMPT_STATE_STOPPING",
  succeeded: "ATTEMPT_STATE_SUCCEEDED",
  failed: "ATTEMPT_STATE_FAILED",
  timedOut: "ATTEMPT_STATE_TIMED_OUT",
  cancelled: "ATTEMPT_STATE_CANCELLED",
  refused: "ATTEMPT_STATE_REFUSED",
  lost: "ATTEMPT_STATE_LOST",
};

export function* reportMessages(reports: Iterable<AttemptReport>, tailOf: OutputTail): Generator<AgentMessage> {
  let piece: WireReport[] = [];
  let bytes = 0;
  for (const report of reports) {
    const wire = wireReport(report, tailOf);
    const size = sizeOf(wire);
    if (piece.length > 0 && bytes + size > reportsBudgetBytes) {
      yield { reports: { reports: piece } };
      piece = [];
      bytes = 0;
    }
    piece.push(wire);
    bytes += size;
  }
  if (piece.length > 0) yield { reports: { reports: piece } };
}

/**
 * Hello names every attempt, since what it does not name is taken for gone. Ends whose tails do not fit are named in it
 * as stopping, and follow in full.
 */
export function* helloMessages(
  node: Hello,
  { highestEpoch, answersInquiry, lastBeat, attempts: reports }: HelloMessage,
  tailOf: OutputTail,
): Generator<AgentMessage> {
  const attempts: WireReport[] = [];
  const rest: AttemptReport[] = [];
  let bytes = 0;
  for (const report of reports) {
    const wire = wireReport(report, tailOf);
    const size = sizeOf(wire);
    if (report.end !== null && bytes + size > reportsBudgetBytes) {
      attempts.push(wireReport({ ...report, state: "stopping", reason: "", end: null }, tailOf));
      rest.push(report);
    } else {
      attempts.push(wire);
      bytes += size;
    }
  }
  yield { hello: { ...node, highestEpoch, answersInquiry, lastBeat, attempts } };
  yield* reportMessages(rest, tailOf);
}

function wireReport(
  { taskId, attempt, state, reason, startedAtMs, end }: AttemptReport,
  tailOf: OutputTail,
): WireReport {
  const report: WireReport = { taskId, attempt, state: wireStates[state], reason, startedAtMs };
  if (end === null) return report;
  return {
    ...report,
    endedAtMs: end.endedAtMs,
    signal: end.signal,
    outputTail: end.startedAtMs > 0 ? tailOf({ taskId, attempt }) : Buffer.alloc(0),
    usage: end.usage,
    ...(end.exitCode === null ? {} : { exitCode: end.exitCode }),
  };
}

function sizeOf({ outputTail, reason }: WireReport): number {
  return reportBytes + (outputTail?.length ?? 0) + Buffer.byteLength(reason ?? "");
}
