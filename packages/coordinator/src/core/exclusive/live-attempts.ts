/** Which attempts of exclusive tasks have not ended, by node. Derived from task records alone, like `state/node-slots.ts`. */
export interface ExclusiveAttempt {
  readonly taskId: string;
  readonly number: number;
}

export class LiveExclusiveAttempts {
  readonly #byNode = new Map<string, Map<string, ExclusiveAttempt>>();
  readonly #keys = new Set<string>();

  get byNode(): ReadonlyMap<string, ReadonlyMap<string, ExclusiveAttempt>> {
    return this.#byNode;
  }

  /** By `taskId.number`. */
  get keys(): ReadonlySet<string> {
    return this.#keys;
  }

  add(nodeId: string, attempt: ExclusiveAttempt): void {
    const key = attemptKey(attempt.taskId, attempt.number);
    const there = this.#byNode.get(nodeId) ?? new Map<string, ExclusiveAttempt>();
    there.set(key, attempt);
    this.#keys.add(key);
    this.#byNode.set(nodeId, there);
  }

  delete(nodeId: string, attempt: ExclusiveAttempt): void {
    const key = attemptKey(attempt.taskId, attempt.number);
    const there = this.#byNode.get(nodeId);
    there?.delete(key);
    this.#keys.delete(key);
    if (there?.size === 0) this.#byNode.delete(nodeId);
  }
}

export function attemptKey(taskId: string, number: number): string {
  return `${taskId}.${number}`;
}
