/**
 * One task per request id: no log ever holds two tasks (or batches) with the same request id in one namespace; of a client's
 * repeated calls for one request only one has made tasks; and clients are never told two ids for one request, as long as
 * storage still has what the first answer rested on.
 */
import type { WriteRequest } from "@holdfast/coordinator/core/event.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker, type CheckerParts } from "./checker.ts";
import type { CommittedChange } from "./committed-log.ts";
import { Copies } from "./copies.ts";
import { entryOf } from "./entry-of.ts";
import { newTaskIds, submittedIds } from "./submitted-ids.ts";

interface Call {
  readonly callId: number;
  readonly request: string;
}

export class OneTaskPerRequest extends Checker {
  readonly name = "one task per request id";
  readonly #copies: Copies;
  /** By namespace and request id: all tasks and batches that ever had it. */
  readonly #made = new Map<string, Set<string>>();
  readonly #requests = new Map<number, string>();
  /** By the id that a task would get: the call, and the request that it is for. */
  readonly #callOf = new Map<string, Call>();
  readonly #told = new Map<string, { readonly taskIds: readonly string[]; readonly atMs: number }>();

  constructor(parts: CheckerParts) {
    super(parts);
    this.#copies = new Copies(parts.committed);
  }

  override committed(change: CommittedChange): void {
    const { atMs, entry, view } = change;
    for (const { id, before, after } of change.tasks) {
      if (before === undefined && after !== null) this.#checkCalls(change, id);
    }
    for (const { kind, id, value } of entry.records) {
      if ((kind !== "task" && kind !== "batch") || value === null || value.requestId === "") continue;
      const key = `${value.namespace} ${value.requestId}`;
      const made = entryOf(this.#made, key, () => new Set<string>());
      if (made.has(`${kind}\t${id}`)) continue;
      made.add(`${kind}\t${id}`);
      const others = [...made].filter((other) => other !== `${kind}\t${id}` && view.texts.has(other));
      if (others.length === 0) continue;
      const names = others.map((other) => other.replace("\t", " ")).join(", ");
      this.violated(atMs, `request id "${key}" made ${kind} ${id} ${at(atMs)} in ${entry.key}, beside ${names}`);
    }
  }

  override observe(event: HistoryEvent): void {
    this.#copies.observe(event);
    if (event.kind === "called") {
      const request = requestKeyOf(event.request);
      if (request === null) return;
      this.#requests.set(event.callId, request);
      for (const taskId of newTaskIds(event.request)) this.#callOf.set(taskId, { callId: event.callId, request });
    } else if (event.kind === "answered") {
      const key = this.#requests.get(event.callId);
      if (key !== undefined) this.#answered(event, key);
    }
  }

  /** A task that comes back from a history which storage had lost is no new one. */
  #checkCalls({ atMs, entry, view }: CommittedChange, id: string): void {
    const call = this.#callOf.get(id);
    if (call === undefined || this.log.entriesOfTask(id)[0] !== entry) return;
    for (const [otherId, other] of this.#callOf) {
      if (other.request !== call.request || other.callId === call.callId || !view.tasks.has(otherId)) continue;
      const [made] = this.log.entriesOfTask(otherId);
      if (made === undefined || !this.#copies.inPresentLog(made)) continue;
      this.violated(atMs, `request "${call.request}" made task ${id} ${at(atMs)}, and ${otherId} ${at(made.atMs)}`);
    }
  }

  #answered({ atMs, answer }: HistoryEvent<"answered">, key: string): void {
    const taskIds = submittedIds(answer);
    const first = this.#told.get(key);
    if (first === undefined) {
      this.#told.set(key, { taskIds, atMs });
      return;
    }
    if (first.taskIds.join(" ") === taskIds.join(" ")) return;
    const kept = first.taskIds.some((taskId) => {
      const [accepted] = this.log.entriesOfTask(taskId);
      return accepted !== undefined && this.#copies.inPresentLog(accepted);
    });
    if (!kept) return;
    const before = `${first.taskIds.join(", ")} ${at(first.atMs)}`;
    this.violated(
      atMs,
      `request id "${key}" was answered with ${taskIds.join(", ")} ${at(atMs)}, before with ${before}`,
    );
  }
}

function requestKeyOf(request: WriteRequest): string | null {
  if (request.kind !== "submit" && request.kind !== "submitBatch" && request.kind !== "retry") return null;
  return request.requestId === "" ? null : `${request.namespace} ${request.requestId}`;
}
