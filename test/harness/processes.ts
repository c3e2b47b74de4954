/** The processes of tasks, told apart from others that may get their pids later. */
import { isAlive, type ProcessIdentity, processStatus } from "@holdfast/cli/up/process-identity.ts";

/** The process as it is now. @throws Error when there is none */
export function identityOf(pid: number): ProcessIdentity {
  const status = processStatus(pid);
  if (status === null) throw new Error(`expected a process with pid ${pid}`);
  return status;
}

/** Those that run still. */
export function alive(processes: readonly ProcessIdentity[]): ProcessIdentity[] {
  return processes.filter(isAlive);
}
