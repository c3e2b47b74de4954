/**
 * Keeps a second agent off a data folder. The file names its owner so exactly that a process which merely got the same
 * pid is not taken for it. Two that find a dead owner's file at the same moment are told apart by the launcher, whose own
 * lock is the kernel's.
 */
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HoldfastError } from "@holdfast/shared/errors.ts";

export interface DataFolderLock {
  release(): Promise<void>;
}

/** @throws HoldfastError (failedPrecondition) that names the process which uses the folder */
export async function lockDataFolder(dataDir: string): Promise<DataFolderLock> {
  const path = join(dataDir, "agent.lock");
  const mine = `${process.pid} ${(await startTicksOf(process.pid)) ?? 0}\n`;
  const prepared = `${path}.${process.pid}`;
  await writeFile(prepared, mine);
  try {
    if (!(await claim(prepared, path))) {
      const owner = await livingOwner(path);
      if (owner !== null) throw inUse(dataDir, owner);
      await rename(prepared, path);
    }
  } finally {
    await rm(prepared, { force: true });
  }
  return {
    release: async () => {
      if ((await readIfPresent(path)) === mine) await rm(path, { force: true });
    },
  };
}

async function claim(prepared: string, path: string): Promise<boolean> {
  try {
    await link(prepared, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function livingOwner(path: string): Promise<number | null> {
  const [pid = 0, startTicks = 0] = ((await readIfPresent(path)) ?? "").trim().split(" ").map(Number);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return (await startTicksOf(pid)) === startTicks ? pid : null;
}

/** Field 22 of /proc/PID/stat; null when there is no such process. */
async function startTicksOf(pid: number): Promise<number | null> {
  const stat = await readIfPresent(`/proc/${pid}/stat`);
  // Field 2 is the program's name in brackets and may hold anything.
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return null;
    throw error;
  }
}

function inUse(dataDir: string, pid: number): HoldfastError {
  const remedy = "stop it, or give this agent a dataDir of its own";
  return new HoldfastError(
    "failedPrecondition",
    `dataDir: ${dataDir} is in use by the agent with pid ${pid}; ${remedy}`,
  );
}
