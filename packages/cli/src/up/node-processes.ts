/**
 * What an agent has started on its node: its launcher, the supervisors and the processes of its tasks. They live longer
 * than the agent, on purpose, so ending a node means finding them: the launcher has the agent's folder on its command
 * line, a supervisor works in its attempt's folder below that, and everything else descends from a supervisor.
 */
import { readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { endAll, haveEnded } from "./ending.ts";
import { type ProcessIdentity, type ProcessStatus, processStatus, signalProcess } from "./process-identity.ts";

export interface NodeProcesses {
  /** The launcher and the supervisors. */
  readonly supervisors: readonly ProcessIdentity[];
  readonly tasks: readonly ProcessIdentity[];
}

const killedWithinMs = 5_000;

/** @param agentDataDir the agent's `dataDir` */
export function findNodeProcesses(agentDataDir: string): NodeProcesses {
  const all = allProcesses();
  const supervisors = all.filter(({ pid }) => isSupervisorOf(pid, agentDataDir));
  return { supervisors, tasks: descendantsOf(supervisors, all) };
}

/** As a power cut would: nobody gets to record or clean up anything. */
export async function killNodeProcesses(agentDataDir: string): Promise<void> {
  const deadlineMs = performance.now() + killedWithinMs;
  for (;;) {
    const { supervisors, tasks } = findNodeProcesses(agentDataDir);
    const targets = [...supervisors, ...tasks];
    if (targets.length === 0 || performance.now() > deadlineMs) return;
    for (const target of targets) signalProcess(target, "SIGKILL");
    await haveEnded(targets, killedWithinMs);
  }
}

/**
 * Lets the tasks end on their own within the grace. Their supervisors are killed first, so that nothing records these
 * ends as the tasks' own, and what is left of these attempts is deleted: an agent that finds nothing of them reports
 * nothing, so that to the cluster they are lost, and run again when it is back, however many retries they have.
 */
export async function endNodeProcesses(agentDataDir: string, graceMs: number): Promise<void> {
  const { supervisors, tasks } = findNodeProcesses(agentDataDir);
  const attempts = supervisors.map(({ pid }) => workingFolderOf(pid)).filter((path) => isAttempt(path, agentDataDir));
  for (const supervisor of supervisors) signalProcess(supervisor, "SIGKILL");
  await endAll(tasks, graceMs);
  await killNodeProcesses(agentDataDir);
  for (const folder of attempts) if (!hasEnded(folder)) rmSync(folder, { recursive: true, force: true });
}

function isAttempt(folder: string, agentDataDir: string): boolean {
  return dirname(folder) === join(resolve(agentDataDir), "attempts");
}

/** Its supervisor came to write the end down. */
function hasEnded(folder: string): boolean {
  return unlessGone("", () => readFileSync(join(folder, "record"), "utf8")).includes('"kind":"ended"');
}

function allProcesses(): ProcessStatus[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => processStatus(Number(name)))
    .filter((status) => status !== null && !status.isZombie) as ProcessStatus[];
}

function isSupervisorOf(pid: number, agentDataDir: string): boolean {
  const [title = "", ...args] = commandLineOf(pid);
  if (!/(^|\/)holdfast-supervisor( |$)/.test(title)) return false;
  const folder = resolve(agentDataDir);
  return [workingFolderOf(pid), ...args].some((path) => path === folder || path.startsWith(folder + sep));
}

function commandLineOf(pid: number): string[] {
  return unlessGone([], () => readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0"));
}

function workingFolderOf(pid: number): string {
  return unlessGone("", () => readlinkSync(`/proc/${pid}/cwd`));
}

/** What is told of a process, unless it has ended meanwhile or is another user's. */
function unlessGone<Value>(otherwise: Value, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(code)) return otherwise;
    throw error;
  }
}

function descendantsOf(ancestors: readonly ProcessStatus[], all: readonly ProcessStatus[]): ProcessStatus[] {
  const found = new Set(ancestors.map(({ pid }) => pid));
  const descendants: ProcessStatus[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const status of all) {
      if (found.has(status.pid) || !found.has(status.parentPid)) continue;
      found.add(status.pid);
      descendants.push(status);
      grown = true;
    }
  }
  return descendants;
}
