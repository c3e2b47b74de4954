/**
 * Terminal states never change: along one log, a task that has ended keeps the state in which it ended, and so does each of
 * its attempts. A lost attempt is the exception that the design makes: the loss is revisable until its node reports again.
 */
import { type AttemptRecord, isEnded, isEndedAttempt, type TaskRecord } from "@holdfast/coordinator/core/record.ts";
import { at, Checker } from "./checker.ts";
import type { CommittedChange } from "./committed-log.ts";

export class TerminalStates extends Checker {
  readonly name = "terminal states never change";

  override committed({ atMs, entry, tasks }: CommittedChange): void {
    for (const { id, before, after } of tasks) {
      if (before === undefined || after === null) continue;
      const where = `in batch ${entry.key} of ${entry.coordinatorId} ${at(atMs)}`;
      this.#checkTask(atMs, id, before, after, where);
      for (const attempt of before.attempts) this.#checkAttempt(atMs, id, attempt, after, where);
    }
  }

  #checkTask(atMs: number, id: string, before: TaskRecord, after: TaskRecord, where: string): void {
    if (!isEnded(before.state)) return;
    if (after.state !== before.state) {
      this.violated(atMs, `task ${id} had ended as ${before.state} and became ${after.state} ${where}`);
    } else if (after.endedAtMs !== before.endedAtMs) {
      this.violated(atMs, `the end of task ${id} moved from ${before.endedAtMs} to ${after.endedAtMs} ${where}`);
    }
  }

  #checkAttempt(atMs: number, id: string, before: AttemptRecord, task: TaskRecord, where: string): void {
    if (!isEndedAttempt(before.state) || before.state === "lost") return;
    const after = task.attempts.find(({ number }) => number === before.number);
    if (after === undefined || after.state === before.state) return;
    const attempt = `attempt ${before.number} of ${id} on ${before.nodeId}`;
    this.violated(atMs, `${attempt} had ended as ${before.state} and became ${after.state} ${where}`);
  }
}
