/** One `holdfast up` for a data folder: the file names its owner so exactly that a stale one is known. */
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { UsageError } from "../usage-error.ts";
import { isAlive, type ProcessIdentity, processStatus } from "./process-identity.ts";

export interface ClusterLock {
  release(): void;
}

/** @throws UsageError that names the process which has it */
export function lockCluster(lockFile: string): ClusterLock {
  const mine = `${process.pid} ${processStatus(process.pid)?.startTicks ?? 0}\n`;
  const prepared = `${lockFile}.${process.pid}`;
  writeFileSync(prepared, mine);
  try {
    if (!claim(prepared, lockFile)) {
      const owner = ownerOf(lockFile);
      if (owner !== null && isAlive(owner)) throw inUse(lockFile, owner.pid);
      renameSync(prepared, lockFile);
      // Two may have found the same stale file; the last one has it.
      if (readFileSync(lockFile, "utf8") !== mine) throw inUse(lockFile, ownerOf(lockFile)?.pid ?? 0);
    }
  } finally {
    rmSync(prepared, { force: true });
  }
  return {
    release() {
      rmSync(lockFile, { force: true });
    },
  };
}

/** The living process that runs the cluster; null when none does. */
export function clusterOwner(lockFile: string): ProcessIdentity | null {
  if (!existsSync(lockFile)) return null;
  const owner = ownerOf(lockFile);
  return owner !== null && isAlive(owner) ? owner : null;
}

function claim(prepared: string, lockFile: string): boolean {
  try {
    linkSync(prepared, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function ownerOf(lockFile: string): ProcessIdentity | null {
  const [pid = 0, startTicks = 0] = readFileSync(lockFile, "utf8").trim().split(" ").map(Number);
  return pid > 0 ? { pid, startTicks } : null;
}

function inUse(lockFile: string, pid: number): UsageError {
  return new UsageError(`a cluster runs there already, started by pid ${pid} (${lockFile}); stop it, or choose --data`);
}
