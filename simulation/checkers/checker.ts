/** What all checkers have in common: each watches a history for one promise, and says in words where it was broken. */
import type { HistoryEvent, Promises } from "../history.ts";
import type { CommittedChange, CommittedLog } from "./committed-log.ts";

export interface Violation {
  readonly checker: string;
  /** True time. */
  readonly atMs: number;
  /** What was promised and what was seen, with ids and times. */
  readonly message: string;
}

export interface CheckerParts {
  readonly promises: Promises;
  /** What was committed so far; brought up to date before a checker is told. */
  readonly committed: CommittedLog;
  readonly report: (violation: Violation) => void;
}

export abstract class Checker {
  /** The promise in a few words, for lists. */
  abstract readonly name: string;
  protected readonly promises: Promises;
  protected readonly log: CommittedLog;
  readonly #report: (violation: Violation) => void;

  constructor(parts: CheckerParts) {
    this.promises = parts.promises;
    this.log = parts.committed;
    this.#report = parts.report;
  }

  observe(_event: HistoryEvent): void {}

  /** A server has written a batch; called before `observe` is with the same event. */
  committed(_change: CommittedChange): void {}

  protected violated(atMs: number, message: string): void {
    this.#report({ checker: this.name, atMs, message });
  }
}

/** As messages show true time. */
export function at(atMs: number): string {
  return `at ${(atMs / 1_000).toFixed(3)} s`;
}

export function keyOf({ taskId, attempt }: { readonly taskId: string; readonly attempt: number }): string {
  return `${taskId}.${attempt}`;
}
