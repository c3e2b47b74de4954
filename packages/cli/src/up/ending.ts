/** Ends processes that are not necessarily children of this one. */
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, type ProcessIdentity, signalProcess } from "./process-identity.ts";

const lookMs = 20;

/** True when all had ended in time. */
export async function haveEnded(targets: readonly ProcessIdentity[], withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  while (targets.some(isAlive)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(lookMs);
  }
  return true;
}

/** SIGTERM, and after the grace SIGKILL; resolves when none is left. Stopped processes (SIGSTOP) are ended, too. */
export async function endAll(targets: readonly ProcessIdentity[], graceMs: number): Promise<void> {
  for (const target of targets) {
    signalProcess(target, "SIGTERM");
    signalProcess(target, "SIGCONT");
  }
  if (await haveEnded(targets, graceMs)) return;
  for (const target of targets) signalProcess(target, "SIGKILL");
  await haveEnded(targets, graceMs);
}
