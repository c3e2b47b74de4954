/**
 * What the agent adds to an attempt's folder. The supervisor writes the rest (see process/attempt-folder.ts).
 *
 *   tombstone      how it ended without ever having been started here
 *   decided        how it ended, where its supervisor could no longer say so
 *   acknowledged   the leader has its end; with what the clean-up goes by
 */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import type { AttemptEnd } from "../core/attempt.ts";
import { writeDurably } from "./durable-file.ts";

const endSchema: v.GenericSchema<AttemptEnd> = v.object({
  state: v.picklist(["succeeded", "failed", "timedOut", "cancelled", "refused", "lost"]),
  reason: v.string(),
  startedAtMs: v.number(),
  endedAtMs: v.number(),
  exitCode: v.nullable(v.number()),
  signal: v.string(),
  usage: v.nullable(
    v.object({
      cpuUserMs: v.number(),
      cpuSystemMs: v.number(),
      maxResidentBytes: v.number(),
      outputBytes: v.number(),
    }),
  ),
});

const acknowledgedSchema = v.object({ endedAtMs: v.number(), bytes: v.number() });

/** For the clean-up: when it ended, and the disk that its folder takes. */
export type AcknowledgedMark = Readonly<v.InferOutput<typeof acknowledgedSchema>>;

/** @param text of a tombstone or of `decided` */
export function parseEnd(text: string): AttemptEnd {
  return v.parse(endSchema, JSON.parse(text));
}

export function textOfEnd(end: AttemptEnd): string {
  return JSON.stringify(end);
}

export async function markDecided(folder: string, end: AttemptEnd): Promise<void> {
  await writeDurably(join(folder, "decided"), textOfEnd(end));
}

/** null: nothing was decided. */
export function readDecided(folder: string): AttemptEnd | null {
  const text = readIfPresent(join(folder, "decided"));
  return text === null ? null : parseEnd(text);
}

/** Not synced: if it is lost, the end is told and acknowledged once more. */
export async function markAcknowledged(folder: string, mark: AcknowledgedMark): Promise<void> {
  await writeFile(join(folder, "acknowledged"), JSON.stringify(mark));
}

/** null: it is not acknowledged. */
export function readAcknowledged(folder: string): AcknowledgedMark | null {
  const text = readIfPresent(join(folder, "acknowledged"));
  if (text === null) return null;
  try {
    return v.parse(acknowledgedSchema, JSON.parse(text));
  } catch {
    // Cut off by a crash.
    return null;
  }
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
