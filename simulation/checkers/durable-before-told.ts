/**
 * An order is sent, an answer given, a receipt told only after what it rests on is durable, and reads show nothing that was
 * not. Judged by what the servers have written up to that moment, not by what a coordinator believes.
 */
import type { WriteRequest } from "@holdfast/coordinator/core/event.ts";
import { type AttemptRecord, isEnded, isEndedAttempt, type TaskRecord } from "@holdfast/coordinator/core/record.ts";
import type { AttemptKey, HistoryEvent } from "../history.ts";
import { at, Checker, keyOf } from "./checker.ts";
import { submittedIds } from "./submitted-ids.ts";

export class DurableBeforeTold extends Checker {
  readonly name = "orders and answers rest on durable state only";
  readonly #calls = new Map<number, WriteRequest>();

  override observe(event: HistoryEvent): void {
    switch (event.kind) {
      case "startSent":
        if (!this.#everHad(event, (attempt) => attempt.nodeId === event.nodeId)) {
          this.#orderTooEarly(event, "ordered to start", "its placement there is not durable");
        }
        return;
      case "stopSent":
        if (!this.#isUnknown(event) && !this.#everHad(event, mayBeStopped)) {
          this.#orderTooEarly(event, "ordered to stop", "nothing durable says that it should");
        }
        return;
      case "acknowledgementSent":
        if (!this.#isUnknown(event) && !this.#everHad(event, (attempt) => isEndedAttempt(attempt.state))) {
          this.#orderTooEarly(event, "acknowledged", "its end is not durable");
        }
        return;
      case "called":
        this.#calls.set(event.callId, event.request);
        return;
      case "answered":
        return this.#checkAnswer(event);
      case "read":
        return this.#checkRead(event);
      default:
        return;
    }
  }

  #orderTooEarly(event: HistoryEvent<"startSent" | "stopSent" | "acknowledgementSent">, what: string, why: string) {
    const { atMs, coordinatorId, epoch, nodeId } = event;
    const who = `${coordinatorId} (epoch ${epoch})`;
    this.violated(atMs, `${keyOf(event)} was ${what} on ${nodeId} by ${who} ${at(atMs)}, but ${why}`);
  }

  /** Some value of the task that was ever written has the attempt like this, or has ended. */
  #everHad({ taskId, attempt }: AttemptKey, test: (attempt: AttemptRecord, task: TaskRecord) => boolean): boolean {
    return this.log.valuesOfTask(taskId).some((task) => {
      const record = task?.attempts.find(({ number }) => number === attempt);
      return task !== null && record !== undefined && test(record, task);
    });
  }

  /** The newest state, or what a server has left of it, knows nothing of it: whatever the node has of it is not wanted. */
  #isUnknown({ taskId, attempt }: AttemptKey): boolean {
    const lacksIt = (task: TaskRecord | null | undefined) => !task?.attempts.some(({ number }) => number === attempt);
    if (lacksIt(this.log.valuesOfTask(taskId).at(-1))) return true;
    for (const serverId of this.log.serverIds) if (lacksIt(this.log.viewOf(serverId)?.tasks.get(taskId))) return true;
    return false;
  }

  #checkAnswer({ atMs, callId, answer }: HistoryEvent<"answered">): void {
    const request = this.#calls.get(callId);
    for (const taskId of submittedIds(answer)) {
      if (this.log.valuesOfTask(taskId).length > 0) continue;
      this.violated(atMs, `task ${taskId} was acknowledged ${at(atMs)} before anything of it was written`);
    }
    if (request?.kind !== "cancel" || !("taskId" in request.target) || !("affected" in answer)) return;
    const { taskId } = request.target;
    const stopped = this.log.valuesOfTask(taskId).some((task) => task !== null && isStoppedOrEnded(task));
    if (answer.affected === 0 || stopped) return;
    this.violated(atMs, `task ${taskId} was told to be cancelled ${at(atMs)}, but nothing durable says so`);
  }

  #checkRead({ atMs, coordinatorId, taskId, task }: HistoryEvent<"read">): void {
    if (task === null) return;
    const shown = JSON.stringify(task);
    const values = this.log.valuesOfTask(taskId);
    for (let index = values.length - 1; index >= 0; index -= 1) if (JSON.stringify(values[index]) === shown) return;
    const what = `${coordinatorId} showed task ${taskId} as ${task.state} ${at(atMs)}`;
    this.violated(atMs, `${what}, which it never was in anything written: ${shown.slice(0, 400)}`);
  }
}

function mayBeStopped(attempt: AttemptRecord, task: TaskRecord): boolean {
  return attempt.stop !== null || isEndedAttempt(attempt.state) || isEnded(task.state);
}

function isStoppedOrEnded(task: TaskRecord): boolean {
  return isEnded(task.state) || task.state === "stopping" || task.attempts.some(({ stop }) => stop !== null);
}
