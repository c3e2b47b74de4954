/** What an attempt's folder and its supervisor say about it, together. */
import { steadyTimeOfBoot } from "@holdfast/shared/clock.ts";
import type { Ending, FolderState, FoundAttempt } from "../core/event.ts";
import type { AttemptFolders, StoredAttempt } from "../process/attempt-folder.ts";
import type { EndedRecord } from "../process/attempt-record.ts";
import { readLeaseFile } from "../process/lease-file.ts";
import { bootId, isSupervisorAlive, isSupervisorStarting } from "../process/supervisor-process.ts";
import { parseEnd, readDecided } from "./attempt-marks.ts";
import { limitsOfStoredOrder } from "./stored-order.ts";

/**
 * null: there is no such folder.
 *
 * Between the folder and the supervisor's title there is a moment in which nothing shows that it is being started; an
 * answer "gone" without a start should be asked for again a moment later.
 */
export async function findAttempt(folders: AttemptFolders, key: string): Promise<FoundAttempt | null> {
  const stored = await folders.read(key);
  if (stored === null) return null;
  const folder = endIn(stored) ?? (await withoutEnd(folders, stored));
  const { taskId, attempt, order, path } = stored;
  const leaseUntilBootMs = readLeaseFile(path);
  const leaseUntilMs = leaseUntilBootMs === null ? null : steadyTimeOfBoot(leaseUntilBootMs);
  return { id: { taskId, attempt }, limits: limitsOfStoredOrder(order), leaseUntilMs, folder };
}

function endIn(stored: StoredAttempt): FolderState | null {
  if (stored.tombstone !== null) return { kind: "decided", end: parseEnd(stored.tombstone) };
  if (stored.ended !== null) return { kind: "ended", ending: endingOf(stored.ended) };
  const end = readDecided(stored.path);
  return end === null ? null : { kind: "decided", end };
}

async function withoutEnd(folders: AttemptFolders, { key, started }: StoredAttempt): Promise<FolderState> {
  if (started === null) {
    if (isSupervisorStarting(key)) return { kind: "starting" };
  } else {
    const { startedAtMs } = started;
    if (isSupervisorAlive(started)) return { kind: "running", startedAtMs };
    if (started.bootId !== bootId()) return { kind: "otherBoot", startedAtMs };
  }
  // Perhaps it came further between the first look and this one.
  const again = await folders.read(key);
  const end = again === null ? null : endIn(again);
  if (end !== null) return end;
  const startedNow = again?.started ?? null;
  if (startedNow !== null && isSupervisorAlive(startedNow)) {
    return { kind: "running", startedAtMs: startedNow.startedAtMs };
  }
  return { kind: "gone", startedAtMs: startedNow?.startedAtMs ?? 0 };
}

export function endingOf(ended: EndedRecord): Ending {
  const { startError, exitCode, signal, stopCause, startedAtMs, endedAtMs } = ended;
  const { cpuUserMs, cpuSystemMs, maxResidentBytes, outputBytes } = ended;
  const usage = { cpuUserMs, cpuSystemMs, maxResidentBytes, outputBytes };
  return { startError, exitCode, signal, stopCause, startedAtMs, endedAtMs, usage };
}
