/**
 * Runs the stories in scenarios/: lines with `>` are events, the lines below each are what the core must answer.
 * `UPDATE_SCENARIOS=1` writes the answers anew, to be read before they are committed.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type AttemptEnd, type AttemptId, type AttemptReport, keyOf } from "./attempt.ts";
import { decide } from "./decide.ts";
import type { AgentEffect, HelloMessage, Message } from "./effect.ts";
import type { AgentEvent, Ending, FolderState, FoundAttempt, Order } from "./event.ts";
import type { AgentRecord } from "./record.ts";
import { initialState } from "./state.ts";

const folder = new URL("./scenarios/", import.meta.url);

for (const name of readdirSync(folder)) {
  test(name.replace(".txt", "").replaceAll("-", " "), () => {
    const path = new URL(name, folder);
    const text = readFileSync(path, "utf8");
    const played = play(text);
    if (process.env["UPDATE_SCENARIOS"] === "1") writeFileSync(path, played);
    else expect(played).toBe(text);
  });
}

function play(text: string): string {
  const state = initialState("me");
  const buried = new Map<string, AttemptEnd>();
  let elapsedMs = 0;
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("  ")) continue;
    lines.push(line);
    if (!line.startsWith("> ")) continue;
    const words = line.slice(2).split(" ");
    if (words[0]?.startsWith("+")) elapsedMs += Number(words.shift());
    const now = { wallMs: 1_000_000 + elapsedMs, steadyMs: elapsedMs };
    const { records, effects } = decide(state, eventOf(words, buried), now);
    for (const effect of effects) if (effect.kind === "bury") buried.set(keyOf(effect.id), effect.end);
    for (const told of [...records.map(recordLine), ...effects.map(effectLine)]) lines.push(`  ${told}`);
  }
  return lines.join("\n");
}

// --- events ----------------------------------------------------------------------------------------------------------

function eventOf(words: readonly string[], buried: ReadonlyMap<string, AttemptEnd>): AgentEvent {
  const [kind = "", first = ""] = words;
  const values = new Map(
    words.filter((word) => word.includes("=")).map((word) => word.split("=", 2) as [string, string]),
  );
  const epoch = Number(values.get("epoch") ?? 0);
  const ids = words.filter((word) => /^t\d+\.\d+$/.test(word)).map(idOf);
  const id = ids[0] ?? { taskId: "", attempt: 0 };
  switch (kind) {
    case "recovered":
      return { kind, highestEpoch: epoch, attempts: words.slice(2).map(foundOf) };
    case "linkUp":
    case "linkDown":
      return { kind, coordinator: first };
    case "welcome":
      return { kind, coordinator: first, leadingEpoch: epoch };
    case "leading":
      return { kind, coordinator: first, epoch, inquiry: Number(values.get("inquiry") ?? 0) };
    case "start":
    case "stop":
      return { kind: "orders", coordinator: first, epoch, orders: [orderOf(kind, id, values)] };
    case "acknowledge":
      return { kind: "acknowledgements", coordinator: first, epoch, attempts: ids };
    case "grant":
      return {
        kind: "leaseGrant",
        coordinator: first,
        epoch,
        answersBeat: Number(values.get("beat") ?? 0),
        instanceId: values.get("instance") ?? "me",
        leaseMs: Number(values.get("lease") ?? 20_000),
        attempts: ids,
      };
    case "beat":
      return { kind: "beatDue" };
    case "tick":
      return { kind };
    case "started":
      return { kind, id, startedAtMs: 1_000_000 };
    case "ended":
      return { kind, id, ending: endingOf(values) };
    case "notStarted":
      return {
        kind,
        id,
        fault: values.has("order") ? "order" : "node",
        reason: values.get("order") ?? values.get("node") ?? "",
      };
    case "buried":
      return { kind, id, end: buried.get(keyOf(id)) as AttemptEnd };
    case "exists":
      return { kind, found: foundOf(first) };
    case "gone":
    case "swept":
      return { kind, id };
    case "shutdown":
      return { kind, returning: true, reason: "restart" };
    default:
      throw new Error(`unknown event "${words.join(" ")}" in a scenario`);
  }
}

function idOf(word: string): AttemptId {
  const [taskId = "", attempt] = word.split(".");
  return { taskId, attempt: Number(attempt) };
}

function orderOf(kind: "start" | "stop", id: AttemptId, values: ReadonlyMap<string, string>): Order {
  if (kind === "stop") return { kind, ...id, reason: values.get("reason") ?? "" };
  return {
    kind,
    ...id,
    limits: { timeoutMs: Number(values.get("timeout") ?? 0), stopGraceMs: 10_000 },
    answersBeat: Number(values.get("beat") ?? 0),
    instanceId: values.get("instance") ?? "me",
    validForMs: Number(values.get("valid") ?? 3_000),
    leaseMs: Number(values.get("lease") ?? 0),
    message: {},
  };
}

function endingOf(values: ReadonlyMap<string, string>): Ending {
  return {
    startError: values.get("error")?.replaceAll("_", " ") ?? "",
    exitCode: values.has("exit") ? Number(values.get("exit")) : null,
    signal: values.get("signal") ?? "",
    stopCause: (values.get("cause") ?? "none") as Ending["stopCause"],
    startedAtMs: 1_000_000,
    endedAtMs: 1_001_000,
    usage: { cpuUserMs: 0, cpuSystemMs: 0, maxResidentBytes: 0, outputBytes: 0 },
  };
}

/** `t1.1:running@1000000`, `t1.1:ended@0`, `t1.1:running@1000000:lease@20000`, … */
function foundOf(word: string): FoundAttempt {
  const [id = "", kind = "", time = "0", , lease] = word.split(/[:@]/);
  const startedAtMs = Number(time);
  const folder: Record<string, FolderState> = {
    starting: { kind: "starting" },
    running: { kind: "running", startedAtMs },
    gone: { kind: "gone", startedAtMs },
    otherBoot: { kind: "otherBoot", startedAtMs },
    ended: { kind: "ended", ending: endingOf(new Map([["exit", "0"]])) },
  };
  const state = folder[kind];
  if (state === undefined) throw new Error(`unknown folder state in "${word}"`);
  const leaseUntilMs = lease === undefined ? null : Number(lease);
  return { id: idOf(id), limits: { timeoutMs: 0, stopGraceMs: 10_000 }, leaseUntilMs, folder: state };
}

// --- answers ---------------------------------------------------------------------------------------------------------

function recordLine(record: AgentRecord): string {
  if (record.kind === "highestEpoch") return `write highestEpoch ${record.epoch}`;
  if (record.kind === "decided") return `write decided ${keyOf(record.id)} ${record.end.state}: ${record.end.reason}`;
  return `write acknowledged ${keyOf(record.id)}`;
}

function effectLine(effect: AgentEffect): string {
  switch (effect.kind) {
    case "launch":
      return `launch ${keyOf(effect.order)} fence ${effect.fence}${leaseText(effect.leaseUntilMs)}`;
    case "bury":
      return `bury ${keyOf(effect.id)} ${effect.end.state}: ${effect.end.reason}`;
    case "stop":
      return `${effect.force ? "kill" : "stop"} ${keyOf(effect.id)}`;
    case "killLeftovers":
      return `killLeftovers ${keyOf(effect.id)}`;
    case "extendLease":
      return `extendLease ${keyOf(effect.id)} until ${effect.untilMs}`;
    case "send":
      return `to ${effect.to}: ${messageText(effect.message)}`;
    case "log":
      return `log ${effect.level}: ${effect.message}`;
  }
}

function leaseText(untilMs: number | null): string {
  return untilMs === null ? "" : `, lease until ${untilMs}`;
}

function messageText(message: Message): string {
  switch (message.kind) {
    case "hello":
      return [helloText(message), ...message.attempts.map(reportText)].join(", ");
    case "beat":
      return `beat ${message.sequence}`;
    case "reports":
      return message.reports.map(reportText).join(", ");
    case "farewell":
      return `farewell${message.returning ? ", returning" : ""}`;
    case "epochRefused":
      return `epoch ${message.refusedEpoch} refused, ${message.highestEpoch} is the highest`;
  }
}

function helloText({ highestEpoch, answersInquiry, lastBeat }: HelloMessage): string {
  const inquiry = answersInquiry > 0 ? `, answers inquiry ${answersInquiry}` : "";
  return `hello, highest epoch ${highestEpoch}${inquiry}${lastBeat > 0 ? `, after beat ${lastBeat}` : ""}`;
}

function reportText(report: AttemptReport): string {
  return `${keyOf(report)} ${report.state}${report.reason === "" ? "" : ` (${report.reason})`}`;
}
