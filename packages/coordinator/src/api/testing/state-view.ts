/** The core's state as the API reads it. */
import type { ClusterEventRecord, ClusterRecord, NodeRecord, TaskRecord, TaskState } from "../../core/record.ts";
import type { NodeSeries } from "../../core/series/node-series.ts";
import type { State } from "../../core/state/state.ts";
import type { BatchView, CommittedView, Explanation, NodeStatus } from "../backend.ts";

/** What the state itself does not know. */
export interface ViewFacts {
  readonly revision: string;
  readonly asOfMs: number;
  readonly nowMs: number;
  readonly frozenReason: string;
  readonly nodeStatus: (nodeId: string) => NodeStatus;
  readonly seriesOf: (nodeId: string) => NodeSeries | undefined;
  readonly explain: (task: TaskRecord) => Explanation;
}

const noCounts: ReadonlyMap<TaskState, number> = new Map();

export class StateView implements CommittedView {
  readonly #state: State;
  readonly #facts: ViewFacts;

  constructor(state: State, facts: ViewFacts) {
    this.#state = state;
    this.#facts = facts;
  }

  get revision(): string {
    return this.#facts.revision;
  }

  get asOfMs(): number {
    return this.#facts.asOfMs;
  }

  get nowMs(): number {
    return this.#facts.nowMs;
  }

  get frozenReason(): string {
    return this.#facts.frozenReason;
  }

  get cluster(): ClusterRecord {
    return this.#state.cluster;
  }

  get nodes(): ReadonlyMap<string, NodeRecord> {
    return this.#state.nodes;
  }

  get taskCounts(): ReadonlyMap<TaskState, number> {
    return this.#state.counts;
  }

  taskIds(after: string, newestFirst: boolean): Iterable<string> {
    const { taskIds } = this.#state;
    return newestFirst ? taskIds.descending(after) : taskIds.ascending(after);
  }

  liveTask(id: string): TaskRecord | undefined {
    return this.#state.tasks.get(id);
  }

  endedTask(id: string): TaskRecord | undefined {
    return this.#state.ended.get(id);
  }

  batch(id: string): BatchView | undefined {
    const { batches, batchParts, batchCounts } = this.#state;
    const begun = batches.get(id);
    if (begun === undefined || begun.batchId !== id) return undefined;
    const taskIds: string[] = [];
    for (const part of batchParts.get(id) ?? []) {
      for (const taskId of batches.get(part)?.taskIds ?? []) if (taskId !== "") taskIds.push(taskId);
    }
    const { namespace, submittedAtMs } = begun;
    return { namespace, submittedAtMs, taskIds, total: taskIds.length, counts: batchCounts.get(id) ?? noCounts };
  }

  nodeStatus(id: string): NodeStatus {
    return this.#facts.nodeStatus(id);
  }

  seriesOf(id: string): NodeSeries | undefined {
    return this.#facts.seriesOf(id);
  }

  events(): Iterable<ClusterEventRecord> {
    return this.#state.events.values();
  }

  explain(taskId: string): Explanation {
    const task = this.#state.findTask(taskId);
    if (task === undefined) throw new Error(`task ${taskId} is not kept`);
    return this.#facts.explain(task);
  }
}
