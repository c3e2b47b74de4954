/**
 * Batches as text: one JSON object a line, a TaskSpec in protobuf's JSON names, with what is friendlier to write by hand:
 * durations and amounts may be text with a unit ("30s", "1GiB"), constraints may be text ("zone in (a,b)"), and
 * `scriptText` and `standardInputText` stand for `script` and `standardInput`, which are base64. Empty lines are skipped.
 */
import type { TaskSpec } from "@holdfast/shared/client/messages.ts";
import * as z from "zod";
import { UsageError } from "../usage-error.ts";
import { byteCount, bytesHint } from "./bytes.ts";
import { constraintHint, parseConstraint } from "./constraint.ts";
import { durationHint, durationMs } from "./duration.ts";
import { momentHint, momentMs } from "./moment.ts";

/** A number as it is, or text with a unit. */
function amount(parse: (text: string) => number | undefined, hint: string) {
  return z.union([
    z.int().nonnegative(),
    z.string().transform((text, context) => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue({ code: "custom", message: `"${text}": ${hint}` });
      return z.NEVER;
    }),
  ]);
}

const duration = amount(durationMs, durationHint);
const bytes = amount(byteCount, bytesHint);
const texts = z.record(z.string(), z.string());
const base64 = z.base64().transform((text) => Buffer.from(text, "base64"));
const plainText = z.string().transform((text) => Buffer.from(text));

const constraint = z.union([
  z.strictObject({
    key: z.string(),
    operator: z.enum(["OPERATOR_IN", "OPERATOR_NOT_IN", "OPERATOR_EXISTS", "OPERATOR_NOT_EXISTS"]),
    values: z.array(z.string()).optional(),
  }),
  z.string().transform((text, context) => {
    const parsed = parseConstraint(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: `"${text}": ${constraintHint}` });
    return z.NEVER;
  }),
]);

const line = z.strictObject({
  name: z.string().optional(),
  argv: z.array(z.string()).optional(),
  script: base64.optional(),
  scriptText: plainText.optional(),
  environment: texts.optional(),
  workingDirectory: z.string().optional(),
  standardInput: base64.optional(),
  standardInputText: plainText.optional(),
  user: z.string().optional(),
  timeoutMs: duration.optional(),
  queueTimeoutMs: duration.optional(),
  notBeforeMs: amount((text) => momentMs(text, Date.now()), momentHint).optional(),
  priority: z.int().optional(),
  labels: texts.optional(),
  constraints: z.array(constraint).optional(),
  resources: z
    .strictObject({
      cpuMillis: z.int().optional(),
      memoryBytes: bytes.optional(),
      counts: z.record(z.string(), z.int()).optional(),
    })
    .optional(),
  retry: z
    .strictObject({
      maxRetries: z.int().optional(),
      backoffMs: duration.optional(),
      backoffMaxMs: duration.optional(),
      finalExitCodes: z.array(z.int()).optional(),
    })
    .optional(),
  stopSignal: z.string().optional(),
  stopGraceMs: duration.optional(),
  outputLimitBytes: bytes.optional(),
  exclusive: z.boolean().optional(),
});

export interface TaskFile {
  readonly specs: readonly TaskSpec[];
  /** The line, from 1, of each spec. */
  readonly lines: readonly number[];
}

/** So many mistakes are told at once. */
const mistakesTold = 10;

/**
 * @param source the file's name, for messages
 * @throws UsageError that lists the first mistakes with their lines and fields
 */
export function parseTaskFile(text: string, source: string): TaskFile {
  const specs: TaskSpec[] = [];
  const lines: number[] = [];
  const mistakes: string[] = [];
  for (const [index, content] of text.split("\n").entries()) {
    if (content.trim() === "") continue;
    const parsed = parseTaskLine(content);
    if ("mistakes" in parsed) mistakes.push(...parsed.mistakes.map((mistake) => `${source}:${index + 1}: ${mistake}`));
    else specs.push(parsed.spec);
    lines.push(index + 1);
    if (mistakes.length >= mistakesTold) break;
  }
  if (mistakes.length > 0) throw new UsageError(`nothing was submitted\n${mistakes.slice(0, mistakesTold).join("\n")}`);
  if (specs.length === 0) throw new UsageError(`${source} holds no task; write one JSON object a line`);
  return { specs, lines };
}

function parseTaskLine(content: string): { readonly spec: TaskSpec } | { readonly mistakes: string[] } {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    return { mistakes: [`not a JSON object on one line: ${(error as Error).message}`] };
  }
  const checked = line.safeParse(json);
  if (!checked.success)
    return { mistakes: checked.error.issues.map((issue) => `${issue.path.join(".") || "task"}: ${mistakeOf(issue)}`) };
  const { scriptText, standardInputText, ...spec } = checked.data;
  const script = scriptText ?? spec.script;
  const standardInput = standardInputText ?? spec.standardInput;
  return { spec: withoutUndefined({ ...spec, script, standardInput }) as TaskSpec };
}

/** Of a value that may have two forms, the mistake in the form that was tried is the one that helps. */
function mistakeOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union") return issue.message;
  const inner = issue.errors.flat().find(({ code }) => code === "custom") ?? issue.errors.flat().at(-1);
  return inner?.message ?? issue.message;
}

function withoutUndefined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
