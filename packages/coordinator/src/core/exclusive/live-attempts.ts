/** Which attempts of exclusive tasks have not ended, by node. Derived from task records alone, like `state/node-slots.ts`. */
export interface ExclusiveAttempt {
  readonly taskId: string;
  readonly number: number;
}

export class LiveExclusiveAttempts {
  readonly #byNode = new Map<string, Map<string, ExclusiveAttempt>>();

  get byNode(): ReadonlyMap<string, ReadonlyMap<string, ExclusiveAttempt>> {
    return this.#byNode;
  }

  add(nodeId: string, attempt: ExclusiveAttempt): void {
    const there = this.#byNode.get(nodeId) ?? new Map<string, ExclusiveAttempt>();
    there.set(attemptKey(attempt.taskId, attempt.number), attempt);
    this.#byNode.set(nodeId, there);
  }

  delete(nodeId: string, attempt: ExclusiveAttempt): void {
    const there = this.#byNode.get(nodeId);
    there?.delete(attemptKey(attempt.taskId, attempt.number));
    if (there?.size === 0) this.#byNode.delete(nodeId);
  }
}

export function attemptKey(taskId: string, number: number): string {
  return `${taskId}.${number}`;
}
