/**
 * Counters equal recomputation: everything that a state derives from its records as they change (counts, promises on nodes,
 * indexes, queues) is what it would be if the same records were read into an empty one. Looked at now and then, on every
 * coordinator.
 */
import type { NodeSlot } from "@holdfast/coordinator/core/state/node-slots.ts";
import { apply, finishLoading, State } from "@holdfast/coordinator/core/state/state.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";

/** Of the batches that a copy takes in, each so many-th. */
const lookEvery = 40;

export class DerivedState extends Checker {
  readonly name = "counters equal recomputation";
  readonly #seen = new Map<string, number>();

  override observe(event: HistoryEvent): void {
    if (event.kind === "ended" && event.state !== null) this.#compare(event.atMs, "the state at the end", event.state);
    if (event.kind !== "replica") return;
    const { atMs, coordinatorId, position, state, by } = event;
    const seen = this.#seen.get(coordinatorId) ?? 0;
    this.#seen.set(coordinatorId, seen + 1);
    if (seen % lookEvery !== 0) return;
    this.#compare(atMs, `the copy of ${coordinatorId} (${by}) at ${position.epoch}.${position.sequence}`, state);
  }

  #compare(atMs: number, what: string, state: State): void {
    const expected = recompute(state);
    const looks: readonly (readonly [name: string, look: (state: State) => unknown])[] = [
      ["task counts", ({ counts }) => sorted(withoutZeroes(counts))],
      ["counts by batch", ({ batchCounts }) => sorted([...batchCounts].map(([id, counts]) => [id, sorted(counts)]))],
      ["requests", ({ requests }) => sorted(requests)],
      ["parts of batches", ({ batchParts }) => sorted([...batchParts].map(([id, parts]) => [id, [...parts].sort()]))],
      ["task ids", ({ taskIds }) => [...taskIds.ascending("")]],
      ["lost nodes", ({ lostNodes }) => [...lostNodes].sort()],
      ["nodes with deadlines", ({ watchedNodes }) => [...watchedNodes].sort()],
      ["promises", ({ slots }) => sorted(slots.all.map((slot) => [slot.nodeId, promiseOf(slot)]))],
      ["slots by node", ({ slots }) => slots.all.map(({ nodeId }) => slots.get(nodeId)?.nodeId === nodeId)],
    ];
    for (const [name, look] of looks) {
      const found = JSON.stringify(look(state));
      const right = JSON.stringify(look(expected));
      if (found === right) continue;
      this.violated(atMs, `${name} of ${what}, ${at(atMs)}: ${difference(found, right)}`);
    }
    for (const id of forgottenTasks(state)) {
      this.violated(atMs, `task ${id} is pending, but waits in no queue of ${what}, ${at(atMs)}`);
    }
  }
}

function recompute(state: State): State {
  const fresh = new State(state.agingMs);
  for (const [id, value] of state.nodes) apply(fresh, { kind: "node", id, value });
  for (const [id, value] of state.batches) apply(fresh, { kind: "batch", id, value });
  for (const id of state.taskIds.ascending("")) apply(fresh, { kind: "task", id, value: state.findTask(id) ?? null });
  finishLoading(fresh);
  return fresh;
}

/** Pending tasks that no queue would ever bring up. */
function forgottenTasks(state: State): readonly string[] {
  const queued = new Set(state.delayed.items());
  for (const shape of state.queue.shapes.values()) for (const id of shape.waiting.items()) queued.add(id);
  const forgotten: string[] = [];
  for (const task of state.tasks.values()) {
    if (task.state === "pending" && !task.held && !queued.has(task.id)) forgotten.push(task.id);
  }
  return forgotten;
}

function promiseOf({ cpuMillis, memoryBytes, devices, attempts }: NodeSlot): unknown {
  const used = [...devices]
    .filter(([, numbers]) => numbers.size > 0)
    .map(([name, numbers]) => [name, [...numbers].sort()]);
  return [cpuMillis, memoryBytes, sorted(used as [string, unknown][]), sorted(attempts)];
}

function withoutZeroes(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].filter(([, count]) => count !== 0);
}

function sorted(entries: Iterable<readonly [string, unknown]>): readonly (readonly [string, unknown])[] {
  const collected = [...entries].map(([key, value]) => [key, value instanceof Map ? sorted(value) : value] as const);
  return collected.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function difference(found: string, right: string): string {
  let from = 0;
  while (from < found.length && found[from] === right[from]) from += 1;
  const start = Math.max(0, from - 60);
  return `found …${found.slice(start, from + 80)}…, recomputed …${right.slice(start, from + 80)}…`;
}
