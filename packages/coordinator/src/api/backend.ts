/**
 * What the API needs from the rest of a coordinator. Nothing here is told before it is committed: reads see committed
 * state only, and writes are answered when they are durable. Whatever is refused or cannot be done now rejects with a
 * HoldfastError; anything else is taken for a defect.
 */
import type { NodeCheck } from "@holdfast/shared/contract/generated/holdfast/v1/NodeCheck.ts";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { TaskLogsResponse } from "@holdfast/shared/contract/generated/holdfast/v1/TaskLogsResponse.ts";
import type { WriteAnswer, WriteKind, WriteRequest } from "../core/event.ts";
import type {
  ClusterEventRecord,
  ClusterRecord,
  NodeRecord,
  ResourceAmounts,
  TaskRecord,
  TaskState,
} from "../core/record.ts";
import type { NodeSeries } from "../core/series/node-series.ts";
import type { Period } from "../core/series/window.ts";
import type { ArchivedSeries, Resolution } from "../store/archive.ts";
import type { ChangeFeed } from "./change-feed.ts";

export interface Backend {
  readonly coordinatorId: string;
  readonly cell: string;
  readonly version: string;
  /** Longest stop grace of an exclusive task. */
  readonly exclusiveKillMs: number;
  /** Every committed batch, published after it has been applied. */
  readonly changes: ChangeFeed;

  /**
   * Runs the query once, without interruption, on committed state. Rejects with HoldfastError "unavailable" while the
   * replica is not loaded.
   */
  read<Result>(query: (view: CommittedView) => Result): Promise<Result>;

  isLeading(): boolean;
  /** Who leads as far as this coordinator knows; null: nobody. May be this coordinator. */
  leader(): LeaderView | null;
  /**
   * Only while leading. Rejects with the core's refusal, or "unavailable" when this coordinator does not lead, stops
   * leading meanwhile (the write may or may not have happened) or has too much to do. A caller that goes away changes
   * nothing: what was asked for happens.
   */
  write<Kind extends WriteKind>(request: WriteRequest<Kind>): Promise<Written<Kind>>;
  /** Hands the leadership over. Rejects with "failedPrecondition" when nobody could take it. */
  stepDown(reason: string): Promise<void>;

  coordinators(): Promise<readonly CoordinatorView[]>;
  /** TaskSpec as JSON text; null when it is no longer kept. Sees at least what committed reads have seen. */
  readBody(taskId: string): Promise<string | null>;
  /** What came with the attempt's last report; null when there is none. */
  readTail(taskId: string, attempt: number): Promise<readonly TaskLogsResponse[] | null>;
  /** What was measured of a node long ago. Rejects with "unavailable" when the storage does not answer. */
  archived(nodeId: string, resolution: Resolution, period: Period): Promise<readonly ArchivedSeries[]>;
  /**
   * Output of an attempt from its node, through this coordinator's own session; null when there is no such session.
   * Ends when the output does (with `follow`, when the attempt has ended). Throws HoldfastError "unavailable" when the
   * session breaks, "notFound" when the node has no such output. Ends early when the signal is aborted.
   */
  output(nodeId: string, request: OutputWish, signal: AbortSignal): AsyncIterable<readonly TaskLogsResponse[]> | null;
}

export interface LeaderView {
  readonly id: string;
  readonly address: string;
  readonly epoch: number;
}

export interface Written<Kind extends WriteKind> {
  readonly answer: WriteAnswer<Kind>;
  /** At which the write is visible. */
  readonly revision: string;
}

export interface OutputWish {
  readonly taskId: string;
  readonly attempt: number;
  readonly follow: boolean;
  /** 0: from the oldest that is kept. */
  readonly tailBytes: number;
}

export interface CoordinatorView {
  readonly id: string;
  readonly address: string;
  readonly leads: boolean;
  readonly reachable: boolean;
  /** "" when unknown. */
  readonly revision: string;
  readonly startedAtMs: number;
  readonly version: string;
}

/** Valid only while the query runs; the records are immutable and may be kept. */
export interface CommittedView {
  /** `<lineage>.<sequence>` of the last applied batch. */
  readonly revision: string;
  /** Unix time at which this coordinator last knew itself to be up to date with the leader. */
  readonly asOfMs: number;
  /** Unix time. */
  readonly nowMs: number;
  readonly cluster: ClusterRecord;
  /** Not "": so many nodes fell silent at once that the cluster waits for a witness. */
  readonly frozenReason: string;

  /** Ids of all tasks, live and ended, in order, beginning behind (newestFirst: before) `after`; "" from the end. */
  taskIds(after: string, newestFirst: boolean): Iterable<string>;
  liveTask(id: string): TaskRecord | undefined;
  /** Costs more than liveTask. */
  endedTask(id: string): TaskRecord | undefined;
  /** Of all namespaces, ended ones as long as they are kept. */
  readonly taskCounts: ReadonlyMap<TaskState, number>;
  batch(id: string): BatchView | undefined;

  readonly nodes: ReadonlyMap<string, NodeRecord>;
  /** Of a node in `nodes`. */
  nodeStatus(id: string): NodeStatus;
  /** What was measured of it lately; undefined: nothing. */
  seriesOf(id: string): NodeSeries | undefined;

  /** Those that are kept, oldest first. */
  events(): Iterable<ClusterEventRecord>;
  /** Of a task that is kept. */
  explain(taskId: string): Explanation;
}

export interface BatchView {
  readonly namespace: string;
  readonly submittedAtMs: number;
  /** Of all tasks that were accepted, in any order; some may no longer be kept. */
  readonly taskIds: Iterable<string>;
  readonly total: number;
  /** Of those that are kept. */
  readonly counts: ReadonlyMap<TaskState, number>;
}

export type NodeState = "ready" | "suspect" | "lost" | "away" | "cutOff";

export interface NodeStatus {
  readonly state: NodeState;
  /** Why it is in this state; "" when it is ready. */
  readonly reason: string;
  /** -1: none heard. */
  readonly lastBeatAgeMs: number;
  /** As they came; null: none yet. A new object for each message. */
  readonly metrics: NodeMetrics | null;
  /** The latest; empty: none yet. A new list for each message. */
  readonly checks: readonly NodeCheck[];
  readonly promised: ResourceAmounts;
  /** That have not ended. */
  readonly attempts: number;
}

export interface Explanation {
  readonly summary: string;
  readonly nodes: readonly { readonly nodeId: string; readonly fits: boolean; readonly obstacles: readonly string[] }[];
  /** What would help, most effective first. */
  readonly remedies: readonly string[];
  /** From 1; 0 when it does not wait. */
  readonly queuePosition: number;
}
