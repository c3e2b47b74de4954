/**
 * Tasks that wait for a node, in the order in which they should get one.
 *
 * Rank: a task of priority p that was submitted at s has, at time t, the priority p + (t - s)/agingMs. All tasks age
 * alike, so their order never changes and is that of s - p*agingMs, smallest first: no timer re-sorts anything.
 *
 * Tasks that ask for the same (amounts, constraints, to be exclusive) form a shape. When no node has room for one task of a shape, none
 * has room for the others, so placement looks at shapes, not at tasks. Entries are not removed when a task stops waiting;
 * whoever takes one out checks it, and `state.ts` sweeps where nobody does.
 */
import type { PlacementConstraint, ResourceAmounts, TaskRecord } from "../record.ts";
import { Heap } from "./heap.ts";

export interface Shape {
  readonly key: string;
  readonly resources: ResourceAmounts;
  readonly constraints: readonly PlacementConstraint[];
  readonly exclusive: boolean;
  readonly waiting: Heap<string>;
  /** No node had room at the last full look; only nodes that gained since can have. */
  blocked: boolean;
}

export class WaitingQueue {
  readonly #shapes = new Map<string, Shape>();

  get shapes(): ReadonlyMap<string, Shape> {
    return this.#shapes;
  }

  add(task: TaskRecord, agingMs: number): void {
    const key = shapeKey(task);
    let shape = this.#shapes.get(key);
    if (shape === undefined) {
      const { resources, constraints, exclusive } = task;
      shape = { key, resources, constraints, exclusive, waiting: new Heap(), blocked: false };
      this.#shapes.set(key, shape);
    }
    shape.waiting.push(rankOf(task, agingMs), task.id);
  }

  /** Leaves out the entries that `keep` refuses, and shapes that nobody waits for. */
  retain(keep: (rank: number, taskId: string) => boolean): void {
    for (const shape of this.#shapes.values()) {
      shape.waiting.retain(keep);
      if (shape.waiting.size === 0) this.forget(shape);
    }
  }

  forget(shape: Shape): void {
    this.#shapes.delete(shape.key);
  }
}

export function rankOf(task: TaskRecord, agingMs: number): number {
  return task.submittedAtMs - task.priority * agingMs;
}

function shapeKey(task: TaskRecord): string {
  const { cpuMillis, memoryBytes, counts } = task.resources;
  let key = `${task.exclusive ? "exclusive " : ""}${cpuMillis} ${memoryBytes}`;
  for (const name of Object.keys(counts).sort()) key += ` ${name}=${counts[name]}`;
  return task.constraints.length === 0 ? key : `${key} ${JSON.stringify(task.constraints)}`;
}
