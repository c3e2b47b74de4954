/** Which checks an agent makes on its node, from which figures on they complain, and the operators' own. */
import { z } from "zod";
import { durationMs, text, wholeNumber } from "./fields.ts";
import type { Frozen } from "./load-config.ts";
import { nearMiss } from "./near-miss.ts";

/** What every agent can look after. */
export const builtInChecks = [
  "kernel-oom",
  "kernel-lockup",
  "kernel-io",
  "kernel-file-system",
  "kernel-machine-check",
  "kernel-gpu",
  "stuck-processes",
  "zombies",
  "open-files",
  "pids",
  "memory",
  "memory-pressure",
  "io-pressure",
  "disk-space",
  "inodes",
  "read-only-disks",
  "clock",
] as const;

export type BuiltInCheck = (typeof builtInChecks)[number];

/** More would not fit into what a coordinator keeps of a node. */
const customChecksMax = 32;
const hourMs = 3_600_000;

function builtInCheck() {
  return z.unknown().transform((value, context): BuiltInCheck => {
    const known = builtInChecks.find((name) => name === value);
    if (known !== undefined) return known;
    const meant = nearMiss(String(value), builtInChecks);
    const remedy = meant === null ? `known are ${builtInChecks.join(", ")}` : `did you mean ${meant}?`;
    context.addIssue({ code: "custom", message: `is no built-in check; ${remedy}` });
    return z.NEVER;
  });
}

/** From `degraded` per cent on a check says degraded, and from `unhealthy` on unhealthy. */
function percentages(degraded: number, unhealthy: number) {
  return z
    .strictObject(
      { degraded: wholeNumber(1, 100).default(degraded), unhealthy: wholeNumber(1, 100).default(unhealthy) },
      { error: "must be a mapping with degraded and unhealthy, in per cent" },
    )
    .refine((settings) => settings.degraded <= settings.unhealthy, {
      error: "must have degraded at or below unhealthy",
    })
    .prefault({});
}

const thresholds = z.strictObject({
  memoryPercent: percentages(92, 97),
  memoryPressurePercent: percentages(10, 40),
  ioPressurePercent: percentages(60, 95),
  diskPercent: percentages(90, 97),
  inodesPercent: percentages(90, 97),
  openFilesPercent: percentages(80, 95),
  pidsPercent: percentages(80, 95),
});

const argument = "must be text without a NUL character, of up to 4096 characters";

const customCheck = z
  .strictObject(
    {
      /** It appears as `custom.NAME`. */
      name: text(
        "1 to 40 letters, digits, '.', '_' or '-', the first and the last a letter or digit",
        /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?$/,
      ),
      /** The program, absolute or to be found on PATH, and its arguments; no shell in between. */
      argv: z
        .array(
          z
            .string({ error: argument })
            .max(4_096, { error: argument })
            .refine((word) => !word.includes("\0"), argument),
          { error: "must be a list: a program and its arguments" },
        )
        .min(1, { error: "must name a program" })
        .max(100, { error: "must have at most 100 parts" }),
      intervalMs: durationMs({ minMs: 1_000, maxMs: 24 * hourMs }).prefault(60_000),
      /** Killed after so long, with everything it started. */
      timeoutMs: durationMs({ minMs: 100, maxMs: hourMs }).prefault(10_000),
    },
    { error: "must be a mapping with name and argv" },
  )
  .refine(({ intervalMs, timeoutMs }) => timeoutMs <= intervalMs, {
    path: ["timeoutMs"],
    error: "must be at or below the check's intervalMs",
  });

export type CustomCheck = Frozen<z.output<typeof customCheck>>;

export function checkSettings() {
  return z
    .strictObject(
      {
        disabled: z.array(builtInCheck(), { error: "must be a list of built-in checks" }).default([]),
        thresholds: thresholds.prefault({}),
        custom: z
          .array(customCheck, { error: "must be a list of checks" })
          .max(customChecksMax, { error: `must have at most ${customChecksMax} checks` })
          .refine((checks) => new Set(checks.map(({ name }) => name)).size === checks.length, {
            error: "must give each check a name of its own",
          })
          .default([]),
      },
      { error: "must be a mapping with disabled, thresholds and custom" },
    )
    .prefault({});
}

/** As of an agent that sets nothing of it. */
export const defaultCheckSettings: Frozen<z.output<ReturnType<typeof checkSettings>>> = checkSettings().parse({});

export type CheckThresholds = z.output<typeof thresholds>;
export type Percentages = CheckThresholds["diskPercent"];
