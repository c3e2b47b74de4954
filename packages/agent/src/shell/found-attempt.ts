/** What an attempt's folder and its supervisor say about it, together. */
import { join } from "node:path";
import { steadyTimeOfBoot } from "@holdfast/shared/clock.ts";
import type { Ending, FolderState, FoundAttempt } from "../core/event.ts";
import type { AttemptFolders, StoredAttempt } from "../process/attempt-folder.ts";
import type { EndedRecord } from "../process/attempt-record.ts";
import { readLeaseFile } from "../process/lease-file.ts";
import { bootId, isHeldForWriting, isSupervisorAlive } from "../process/supervisor-process.ts";
import { parseEnd, readDecided } from "./attempt-marks.ts";
import { limitsOfStoredOrder } from "./stored-order.ts";

/**
 * null: there is no such folder. "gone" is certain: nothing of the attempt will be started or recorded any more.
 *
 * @param isPending whether the present launcher may be at it just now, which nothing shows between the folder and its record
 */
export async function findAttempt(
  folders: AttemptFolders,
  key: string,
  isPending: boolean,
): Promise<FoundAttempt | null> {
  const stored = await folders.read(key);
  if (stored === null) return null;
  const folder = endIn(stored) ?? (await withoutEnd(folders, stored, isPending));
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

async function withoutEnd(folders: AttemptFolders, stored: StoredAttempt, isPending: boolean): Promise<FolderState> {
  const { key, path, order, started } = stored;
  if (started === null) {
    if (order === null ? isPending : isHeldForWriting(join(path, "record"))) return { kind: "starting" };
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
