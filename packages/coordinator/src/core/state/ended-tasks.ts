/**
 * Tasks that have ended and left no process behind, oldest end first.
 *
 * There may be a million, and hardly any is ever looked at: each is kept as the JSON text of its header, which costs a
 * third of the object and next to nothing at garbage collection.
 */
import type { TaskRecord } from "../record.ts";

export class EndedTasks {
  #texts = new Map<string, string>();

  get size(): number {
    return this.#texts.size;
  }

  has(id: string): boolean {
    return this.#texts.has(id);
  }

  get(id: string): TaskRecord | undefined {
    const text = this.#texts.get(id);
    return text === undefined ? undefined : (JSON.parse(text) as TaskRecord);
  }

  set(task: TaskRecord): void {
    this.#texts.set(task.id, JSON.stringify(task));
  }

  delete(id: string): void {
    this.#texts.delete(id);
  }

  /** Oldest end first, provided that the tasks came in that order. */
  *oldest(): Iterable<TaskRecord> {
    for (const text of this.#texts.values()) yield JSON.parse(text) as TaskRecord;
  }

  /** After a load, which hands the records over in no order. */
  sortByEnd(): void {
    const endedAt = new Map<string, number>();
    for (const [id, text] of this.#texts) endedAt.set(id, (JSON.parse(text) as TaskRecord).endedAtMs);
    const ids = [...endedAt.keys()].sort((a, b) => (endedAt.get(a) as number) - (endedAt.get(b) as number));
    const texts = this.#texts;
    this.#texts = new Map(ids.map((id) => [id, texts.get(id) as string]));
  }
}
