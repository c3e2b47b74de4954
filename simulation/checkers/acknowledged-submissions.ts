/**
 * Acknowledged submissions exist: a task whose id a client was given is known to the cluster at the end, unless every copy
 * of what accepted it is gone (storage lost it, and no journal that is left has it).
 */
import type { HistoryEvent } from "../history.ts";
import { at, Checker, type CheckerParts } from "./checker.ts";
import { Copies } from "./copies.ts";
import { submittedIds } from "./submitted-ids.ts";

export class AcknowledgedSubmissions extends Checker {
  readonly name = "acknowledged submissions exist";
  readonly #copies: Copies;
  readonly #acknowledgedAtMs = new Map<string, number>();

  constructor(parts: CheckerParts) {
    super(parts);
    this.#copies = new Copies(parts.committed);
  }

  override observe(event: HistoryEvent): void {
    this.#copies.observe(event);
    if (event.kind === "answered") {
      for (const taskId of submittedIds(event.answer)) {
        if (!this.#acknowledgedAtMs.has(taskId)) this.#acknowledgedAtMs.set(taskId, event.atMs);
      }
    } else if (event.kind === "ended" && event.state !== null) {
      for (const [taskId, sinceMs] of this.#acknowledgedAtMs) {
        if (event.state.findTask(taskId) === undefined) this.#missing(event.atMs, taskId, sinceMs);
      }
    }
  }

  #missing(atMs: number, taskId: string, acknowledgedAtMs: number): void {
    const entries = this.log.entriesOfTask(taskId);
    if (this.log.wasForgotten(taskId)) return;
    const acknowledged = `task ${taskId} was acknowledged ${at(acknowledgedAtMs)} and does not exist at the end`;
    if (entries.length === 0) return this.violated(atMs, `${acknowledged}; it was never written`);
    for (const entry of entries) {
      const holders = this.#copies.holdersOf(entry);
      if (holders.length === 0) continue;
      return this.violated(atMs, `${acknowledged}, though ${holders.join(", ")} still has ${entry.key}`);
    }
  }
}
