/**
 * What was refused was not done: a client that was told a definite no (anything but "unavailable", which says that nobody
 * knows) finds no task of that call, ever.
 */
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";
import type { CommittedChange } from "./committed-log.ts";
import { newTaskIds } from "./submitted-ids.ts";

const undecidedCodes: ReadonlySet<string> = new Set(["unavailable", "deadlineExceeded", "cancelled", "unknown"]);

export class RefusalsHold extends Checker {
  readonly name = "what was refused was not done";
  readonly #calls = new Map<number, readonly string[]>();
  /** By task: when its submission was refused, and how. */
  readonly #refused = new Map<string, { readonly atMs: number; readonly why: string }>();

  override committed({ atMs, entry, tasks }: CommittedChange): void {
    for (const { id } of tasks) {
      const refusal = this.#refused.get(id);
      if (refusal !== undefined) this.#contradicted(atMs, id, refusal.atMs, refusal.why, `${entry.key} has it`);
    }
  }

  override observe(event: HistoryEvent): void {
    if (event.kind === "called") this.#calls.set(event.callId, newTaskIds(event.request));
    if (event.kind !== "refused" || undecidedCodes.has(event.code)) return;
    const { atMs, callId, code, message } = event;
    const why = `${code}: ${message}`;
    for (const id of this.#calls.get(callId) ?? []) {
      this.#refused.set(id, { atMs, why });
      const [entry] = this.log.entriesOfTask(id);
      if (entry !== undefined) this.#contradicted(atMs, id, atMs, why, `${entry.key} had it ${at(entry.atMs)}`);
    }
  }

  #contradicted(atMs: number, id: string, refusedAtMs: number, why: string, where: string): void {
    this.violated(atMs, `task ${id} was refused ${at(refusedAtMs)} ("${why}"), but ${where}`);
  }
}
