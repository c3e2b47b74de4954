/**
 * Attempts stay within policy, and each end has a reason: numbers rise by one; a new attempt is placed only for a task that
 * waits, on a node that is neither lost nor cordoned, when no other attempt speaks for it; only failures eat retries, and
 * a task that fails has used them up, or says what else it failed of.
 */
import { type AttemptRecord, isEnded, isEndedAttempt, type TaskRecord } from "@holdfast/coordinator/core/record.ts";
import { at, Checker } from "./checker.ts";
import type { Changed, CommittedChange } from "./committed-log.ts";

export class AttemptPolicy extends Checker {
  readonly name = "attempts within policy, and each with a reason";

  override committed(change: CommittedChange): void {
    for (const task of change.tasks) {
      this.#checkPlacement(change, task);
      this.#checkReasons(change, task);
      this.#checkRetries(change, task);
    }
  }

  #checkPlacement({ entry, view }: CommittedChange, { id, before, after }: Changed<TaskRecord>): void {
    const placed = after?.attempts.at(-1);
    const last = before?.attempts.at(-1)?.number ?? 0;
    if (before === undefined || after === null || placed === undefined || placed.number <= last) return;
    // Adopted or merged: it was placed by a commit that storage has lost.
    if (placed.state !== "placed") return;
    const placing = `${id}.${placed.number} was placed on ${placed.nodeId} by ${entry.coordinatorId} ${at(entry.atMs)}`;
    if (placed.number !== last + 1) this.violated(entry.atMs, `${placing}, but its last attempt was ${last}`);
    if (isEnded(before.state)) this.violated(entry.atMs, `${placing}, but the task had ended as ${before.state}`);
    if (after.held) this.violated(entry.atMs, `${placing}, but the task is held`);
    const node = view.nodes.get(placed.nodeId);
    if (node === undefined || node.lostAtMs > 0 || node.cordoned) {
      const obstacle = node === undefined ? "is not known" : node.lostAtMs > 0 ? "is lost" : "is cordoned";
      this.violated(entry.atMs, `${placing}, which ${obstacle}`);
    }
    const other = after.attempts.find(
      (one) => one !== placed && !isEndedAttempt(one.state) && one.stop !== "superseded",
    );
    if (other !== undefined) {
      this.violated(entry.atMs, `${placing}, but attempt ${other.number} on ${other.nodeId} is ${other.state}`);
    }
  }

  #checkReasons({ entry }: CommittedChange, { id, after }: Changed<TaskRecord>): void {
    for (const attempt of after?.attempts ?? []) {
      if (!isEndedAttempt(attempt.state) || attempt.state === "succeeded" || attempt.reason !== "") continue;
      this.violated(
        entry.atMs,
        `attempt ${attempt.number} of ${id} is ${attempt.state} without a reason in ${entry.key}`,
      );
    }
  }

  #checkRetries({ entry }: CommittedChange, { id, before, after }: Changed<TaskRecord>): void {
    if (after === null) return;
    const where = `in ${entry.key} ${at(entry.atMs)}`;
    const grown = after.failures - (before?.failures ?? 0);
    const failedNow = after.attempts.filter((attempt) => attempt.state === "failed" && !had(before, attempt)).length;
    // Another history of the task, which storage had lost, may have been given back.
    const ofOtherHistory = (one: TaskRecord | null) => one?.state === after.state && one.failures === after.failures;
    const isGivenBack = this.log.valuesOfTask(id).slice(0, -1).some(ofOtherHistory);
    if (before !== undefined && grown > failedNow && !isGivenBack) {
      this.violated(
        entry.atMs,
        `the failures of task ${id} grew by ${grown} ${where}, but ${failedNow} attempts failed`,
      );
    }
    if (after.failures > after.maxRetries + 1) {
      this.violated(entry.atMs, `task ${id} has ${after.failures} failures ${where}, of ${after.maxRetries} retries`);
    }
    if (after.state !== "failed" || before?.state === "failed") return;
    if (after.failures <= after.maxRetries && !otherFailures.test(after.reason)) {
      const used = `${after.failures} failures and ${after.maxRetries} retries`;
      this.violated(entry.atMs, `task ${id} failed ${where} with ${used}: "${after.reason}"`);
    }
    if (after.reason.startsWith("poison")) this.#checkPoison(entry.atMs, after, where);
  }

  #checkPoison(atMs: number, task: TaskRecord, where: string): void {
    const nodes = new Set(task.attempts.filter(({ state }) => state === "lost").map(({ nodeId }) => nodeId));
    if (nodes.size >= this.promises.poisonLosses) return;
    this.violated(atMs, `task ${task.id} ended as poison ${where} after losses of ${nodes.size} nodes`);
  }
}

/** Ends as failed that eat no retry. */
const otherFailures = /which is final|queue timeout|^poison/;

function had(task: TaskRecord | undefined, attempt: AttemptRecord): boolean {
  return task?.attempts.find(({ number }) => number === attempt.number)?.state === attempt.state;
}
