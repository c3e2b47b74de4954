/** Tasks: one a line, and one in full. */

import type { Attempt, Constraint, Task } from "@holdfast/shared/client/messages.ts";
import { attemptHasEnded, taskHasEnded } from "@holdfast/shared/client/task-states.ts";
import type { Colours } from "./colours.ts";
import { commandLine } from "./command-line.ts";
import { age, precise } from "./moment.ts";
import { printable } from "./printable.ts";
import { formatBytes, formatCores, formatDuration } from "./quantity.ts";
import { paintedState } from "./state.ts";
import { properties, table } from "./table.ts";

export function taskTable(tasks: readonly Task[], nowMs: number, colours: Colours): string {
  const rows = tasks.map((task) => [
    task.id ?? "",
    printable(taskName(task)),
    task.held && !taskHasEnded(task) ? colours.yellow("held") : paintedState(task.state, colours),
    task.attempts?.at(-1)?.nodeId ?? "-",
    String(task.attempts?.length ?? 0),
    age(task.submittedAtMs, nowMs),
    runTime(task, nowMs),
    printable(task.reason ?? ""),
  ]);
  return table(["TASK", "NAME", "STATE", "NODE", "ATTEMPTS", "AGE", "RUN", "REASON"], rows, colours);
}

export function taskDetail(task: Task, nowMs: number, colours: Colours): string {
  const spec = task.spec ?? {};
  const head = properties(
    [
      ["task", task.id ?? ""],
      ["name", printable(taskName(task))],
      ["namespace", task.namespace],
      ["state", `${paintedState(task.state, colours)}${task.held ? colours.yellow(" (held)") : ""}`],
      ["reason", unlessEmpty(printable(task.reason ?? ""))],
      ["command", unlessEmpty(commandLine(spec.argv ?? []))],
      ["script", spec.script?.length ? formatBytes(spec.script.length) : undefined],
      ["folder", unlessEmpty(spec.workingDirectory ?? "")],
      ["user", unlessEmpty(spec.user ?? "")],
      ["environment", pairs(spec.environment)],
      ["labels", pairs(spec.labels)],
      ["constraints", unlessEmpty((spec.constraints ?? []).map(constraintText).join(", "))],
      ["resources", unlessEmpty(resourcesText(spec.resources))],
      ["exclusive", spec.exclusive ? "yes: never two attempts at a time" : undefined],
      ["priority", spec.priority ? String(spec.priority) : undefined],
      ["timeout", spec.timeoutMs ? formatDuration(spec.timeoutMs) : undefined],
      ["retries", spec.retry?.maxRetries ? `${task.failures ?? 0} of ${spec.retry.maxRetries} used` : undefined],
      ["batch", unlessEmpty(task.batchId ?? "")],
      ["request id", unlessEmpty(printable(task.requestId ?? ""))],
      ["submitted", precise(task.submittedAtMs, nowMs)],
      ["eligible", task.eligibleAtMs && task.eligibleAtMs > nowMs ? precise(task.eligibleAtMs, nowMs) : undefined],
      ["started", precise(task.startedAtMs, nowMs)],
      ["ended", precise(task.endedAtMs, nowMs)],
    ],
    colours,
  );
  const attempts = task.attempts ?? [];
  return attempts.length === 0 ? head : `${head}\n\n${attemptTable(attempts, nowMs, colours)}`;
}

function attemptTable(attempts: readonly Attempt[], nowMs: number, colours: Colours): string {
  const rows = attempts.map((attempt) => [
    String(attempt.number ?? 0),
    attempt.nodeId ?? "-",
    paintedState(attempt.state, colours),
    exitText(attempt),
    attempt.startedAtMs ? formatDuration((attempt.endedAtMs || nowMs) - attempt.startedAtMs) : "-",
    attempt.usage ? formatDuration((attempt.usage.cpuUserMs ?? 0) + (attempt.usage.cpuSystemMs ?? 0)) : "-",
    attempt.usage?.maxResidentBytes ? formatBytes(attempt.usage.maxResidentBytes) : "-",
    printable(attempt.reason ?? ""),
  ]);
  return table(["ATTEMPT", "NODE", "STATE", "EXIT", "RUN", "CPU", "MEMORY", "REASON"], rows, colours);
}

/** A spec without a name is called after its program, as the coordinator does; watches leave the spec out. */
function taskName({ spec }: Task): string {
  return spec?.name || spec?.argv?.[0]?.split("/").at(-1) || (spec?.script ? "script" : "-");
}

function runTime(task: Task, nowMs: number): string {
  if (!task.startedAtMs) return "-";
  return formatDuration(Math.max(0, (task.endedAtMs || nowMs) - task.startedAtMs));
}

function exitText(attempt: Attempt): string {
  if (!attemptHasEnded(attempt)) return "-";
  if (attempt.signal) return attempt.signal;
  return attempt.exitCode === undefined ? "-" : String(attempt.exitCode);
}

function pairs(record: Readonly<Record<string, string>> | undefined): string | undefined {
  return unlessEmpty(
    Object.entries(record ?? {})
      .map(([key, value]) => printable(`${key}=${value}`))
      .join(" "),
  );
}

function constraintText({ key = "", operator, values = [] }: Constraint): string {
  switch (operator) {
    case "OPERATOR_IN":
      return `${key} in (${values.join(", ")})`;
    case "OPERATOR_NOT_IN":
      return `${key} not in (${values.join(", ")})`;
    case "OPERATOR_NOT_EXISTS":
      return `${key} not exists`;
    default:
      return `${key} exists`;
  }
}

interface ResourceAmounts {
  readonly cpuMillis?: number;
  readonly memoryBytes?: number;
  readonly counts?: Readonly<Record<string, number>>;
}

export function resourcesText(resources: ResourceAmounts | null | undefined): string {
  const { cpuMillis = 0, memoryBytes = 0, counts = {} } = resources ?? {};
  return [
    ...(cpuMillis > 0 ? [`${formatCores(cpuMillis)} cores`] : []),
    ...(memoryBytes > 0 ? [formatBytes(memoryBytes)] : []),
    ...Object.entries(counts).map(([name, count]) => `${count} ${name}`),
  ].join(", ");
}

function unlessEmpty(text: string): string | undefined {
  return text === "" ? undefined : text;
}
