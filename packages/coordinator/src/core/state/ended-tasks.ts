/**
 * Tasks that have ended and left no process behind, oldest end first.
 *
 * There may be a million, and hardly any is ever looked at: each is kept as the JSON text of its header, which costs a
 * third of the object and next to nothing at garbage collection. The text is the one that was committed; until that is at
 * hand, the object stands in for it.
 */
import type { TaskRecord } from "../record.ts";

export class EndedTasks {
  #tasks = new Map<string, string | TaskRecord>();

  get size(): number {
    return this.#tasks.size;
  }

  has(id: string): boolean {
    return this.#tasks.has(id);
  }

  get(id: string): TaskRecord | undefined {
    const task = this.#tasks.get(id);
    return task === undefined ? undefined : parsed(task);
  }

  set(task: TaskRecord): void {
    this.#tasks.set(task.id, task);
  }

  /** The text of a task that `set` has brought in, if it is here. */
  keepText(id: string, text: string): void {
    if (this.#tasks.has(id)) this.#tasks.set(id, text);
  }

  delete(id: string): void {
    this.#tasks.delete(id);
  }

  /** Oldest end first, provided that the tasks came in that order. */
  *oldest(): Iterable<TaskRecord> {
    for (const task of this.#tasks.values()) yield parsed(task);
  }

  /** After a load, which hands the records over in no order. */
  sortByEnd(): void {
    const endedAt = new Map<string, number>();
    for (const [id, task] of this.#tasks) endedAt.set(id, parsed(task).endedAtMs);
    const ids = [...endedAt.keys()].sort((a, b) => (endedAt.get(a) as number) - (endedAt.get(b) as number));
    const tasks = this.#tasks;
    this.#tasks = new Map(ids.map((id) => [id, tasks.get(id) as string | TaskRecord]));
  }
}

function parsed(task: string | TaskRecord): TaskRecord {
  return typeof task === "string" ? (JSON.parse(task) as TaskRecord) : task;
}
