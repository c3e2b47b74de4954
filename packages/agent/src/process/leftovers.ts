/**
 * What an attempt has left whose supervisor was killed. The task's main process dies with its supervisor; others are found by
 * the task's session, which is also theirs unless they made one of their own, and by the environment that every process of
 * the attempt was started with, unless it replaced that. Only a cgroup holds those that did both.
 */
import type { StartedRecord } from "./attempt-record.ts";
import { bootId, pids, processStatus, readIfPresent, signalProcess } from "./supervisor-process.ts";

/**
 * Kills what lives of it. A process that was killed just now may still be found the next time.
 *
 * @param started null: its supervisor did not get as far as recording a start
 * @param environment `NAME=value` pairs that every process of this attempt, and of no other, was started with; empty: unknown
 * @returns how many processes that were
 */
export function killLeftovers(started: StartedRecord | null, environment: readonly string[]): number {
  if (started !== null && started.bootId !== bootId()) return 0;
  const isInSession = sessionOf(started);
  const left = pids().filter((pid) => pid !== process.pid && (isInSession(pid) || wasStartedWith(pid, environment)));
  return left.filter((pid) => signalProcess(pid, "SIGKILL")).length;
}

function sessionOf(started: StartedRecord | null): (pid: number) => boolean {
  if (started === null) return () => false;
  const { taskPid, taskStartTicks } = started;
  const leader = processStatus(taskPid);
  // The number of a session is not given anew while it has members; a stranger as leader means that none are ours.
  if (leader !== null && leader.startTicks !== taskStartTicks) return () => false;
  return (pid) => {
    const status = processStatus(pid);
    return status?.session === taskPid && status.startTicks >= taskStartTicks;
  };
}

/**
 * Kills what still lives of those processes that were started with this environment, and since then.
 *
 * Others' environments are not read: reading one waits for what its process waits for, and a sick machine has many that wait.
 *
 * @param sinceTicks as processStatus tells them
 * @returns how many processes that were
 */
export function killStartedWith(environment: readonly string[], sinceTicks: number): number {
  const isRecent = (pid: number) => (processStatus(pid)?.startTicks ?? Number.NEGATIVE_INFINITY) >= sinceTicks;
  const left = pids().filter((pid) => pid !== process.pid && isRecent(pid) && wasStartedWith(pid, environment));
  return left.filter((pid) => signalProcess(pid, "SIGKILL")).length;
}

function wasStartedWith(pid: number, environment: readonly string[]): boolean {
  if (environment.length === 0) return false;
  const given = readIfPresent(`/proc/${pid}/environ`)?.split("\0") ?? [];
  return environment.every((pair) => given.includes(pair)) && processStatus(pid) !== null;
}
