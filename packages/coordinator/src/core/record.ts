/**
 * Everything that can be durably true. Records carry state, not change: applying one twice is harmless, and of several
 * for the same key the last one wins.
 *
 * As text, a record is one line: `+` (put) or `-` (delete), the kind, a tab, the id, a tab, and the value as JSON. JSON
 * has no raw tabs or line ends, so lines can be joined and split without escaping, by a Lua script too.
 */

export type TaskState =
  | "pending"
  | "placed"
  | "starting"
  | "running"
  | "stopping"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "timedOut";

export type AttemptState =
  | "placed"
  | "starting"
  | "running"
  | "stopping"
  | "succeeded"
  | "failed"
  | "timedOut"
  | "cancelled"
  | "lost"
  | "refused";

/**
 * Why an attempt is being stopped, which decides what becomes of the task when it has ended. `drained`: it is wanted
 * elsewhere. `leaseOver`: by its supervisor; time-outs are enforced there as well, and told with the end.
 */
export type StopCause = "cancelled" | "drained" | "superseded" | "leaseOver";

export interface ResourceAmounts {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly counts: Readonly<Record<string, number>>;
}

export interface PlacementConstraint {
  readonly key: string;
  readonly operator: "in" | "notIn" | "exists" | "notExists";
  readonly values: readonly string[];
}

export interface UsageRecord {
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
  readonly maxResidentBytes: number;
  readonly outputBytes: number;
}

export interface AttemptRecord {
  /** From 1. */
  readonly number: number;
  readonly nodeId: string;
  readonly state: AttemptState;
  readonly reason: string;
  readonly placedAtMs: number;
  /** 0: no process was started (as far as is known). */
  readonly startedAtMs: number;
  /** 0: not ended. For a lost attempt, when it was taken for lost. */
  readonly endedAtMs: number;
  readonly exitCode: number | null;
  readonly signal: string;
  readonly devices: Readonly<Record<string, readonly number[]>>;
  readonly usage: UsageRecord | null;
  /** Set while its processes are being stopped; stays set when it ends. */
  readonly stop: StopCause | null;
  /**
   * Set while nothing is known of an exclusive attempt whose node is lost or has forgotten it: Unix time until which it may
   * still run. Only for those who ask; what is decided goes by the leader's steady clock (`exclusive/bound.ts`).
   */
  readonly mayRunUntilMs?: number | undefined;
}

/** The header of a task: what decisions need. What to run is in its body, which stays text until somebody asks. */
export interface TaskRecord {
  readonly version: 1;
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: TaskState;
  readonly reason: string;
  readonly held: boolean;
  readonly priority: number;
  readonly requestId: string;
  /** Of the body as it was sent, before defaults. */
  readonly bodyHash: string;
  readonly batchId: string;
  readonly submittedAtMs: number;
  /** Not placed before. */
  readonly eligibleAtMs: number;
  /** 0: waits for its first start as long as it takes. */
  readonly queueDeadlineMs: number;
  readonly timeoutMs: number;
  /** First start of a process; 0: none yet. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly constraints: readonly PlacementConstraint[];
  readonly resources: ResourceAmounts;
  readonly maxRetries: number;
  readonly backoffMs: number;
  readonly backoffMaxMs: number;
  readonly finalExitCodes: readonly number[];
  readonly stopGraceMs: number;
  /** Never two attempts at a time. */
  readonly exclusive: boolean;
  /** Failures counted against maxRetries. */
  readonly failures: number;
  /** The last one is the current one, unless the task waits for its next. */
  readonly attempts: readonly AttemptRecord[];
}

export interface NodeInventory {
  readonly hostname: string;
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  readonly cpuModel: string;
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly swapBytes: number;
  readonly allocatable: ResourceAmounts;
  readonly gpus: readonly { number: number; uuid: string; model: string; memoryBytes: number }[];
  readonly manufacturer: string;
  readonly model: string;
  readonly virtualization: string;
}

export interface NodeRecord {
  readonly version: 1;
  readonly id: string;
  readonly nodeClass: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly inventory: NodeInventory;
  readonly bootId: string;
  /** The last ones before it, oldest first: what is still on its way from them is not taken for news. */
  readonly formerBootIds?: readonly string[];
  readonly agentVersion: string;
  readonly joinedAtMs: number;
  readonly cordoned: boolean;
  readonly cordonReason: string;
  /** Unix time by which what runs there must be stopped; null: no drain. */
  readonly drainDeadlineMs: number | null;
  /** The drain's end was told. */
  readonly drainFinished: boolean;
  /** Taken for lost at; 0: not lost. */
  readonly lostAtMs: number;
  /** Said it would be back, and has until then; 0: not away. */
  readonly awayUntilMs: number;
}

/** One for each call that submitted a batch or added to one. */
export interface BatchRecord {
  readonly version: 1;
  /** The batch's id, or for a call that added to it, that and the call's first task. */
  readonly id: string;
  readonly batchId: string;
  readonly namespace: string;
  readonly requestId: string;
  readonly bodyHash: string;
  readonly submittedAtMs: number;
  /** The answer that a repeat of the request gets: "" where an item was refused. */
  readonly taskIds: readonly string[];
  readonly errors: readonly { readonly index: number; readonly field: string; readonly message: string }[];
  /** What its request was accepted as again, after storage had lost this: its tasks do not run. */
  readonly replacedBy?: string;
}

/** Where a leadership begins in the log. */
export interface LeadershipStart {
  readonly epoch: number;
  /** Of its first batch. */
  readonly sequence: number;
}

/** One for the cluster, id "cluster". */
export interface ClusterRecord {
  readonly version: 1;
  readonly placementPaused: boolean;
  readonly placementPausedReason: string;
  /** When an operator last paused or resumed placement, or a moment after the change before; absent when none has. */
  readonly placementChangedAtMs?: number;
  /** The leadership that was told so. */
  readonly placementChangedIn?: number;
  readonly epoch: number;
  readonly leaderId: string;
  readonly leaderSinceMs: number;
  /** Number of the newest cluster event. */
  readonly eventSequence: number;
  /** The newest leaderships, oldest first: they tell where another history of this log parted from it. */
  readonly leaderships?: readonly LeadershipStart[];
  /**
   * The last leadership that gave back what the storage had lost; absent when there was none. Revisions from before it may be
   * of what was lost, and mean nothing any more.
   */
  readonly mendedIn?: number;
  /** The storage server's process on which the log is known to have lost nothing since (`recovery/care.ts`). */
  readonly wholeOnServer?: string;
  /** The one on which no start of an exclusive task is missing that may still run (`exclusive/office.ts`). */
  readonly startsKnownOnServer?: string;
}

export interface ClusterEventRecord {
  readonly sequence: number;
  readonly atMs: number;
  readonly kind: string;
  readonly subject: string;
  readonly message: string;
  readonly epoch: number;
}

/** The value for each kind. A body is a TaskSpec as JSON text, a tail is base64 of the supervisor's frames. */
export interface RecordValues {
  readonly task: TaskRecord;
  readonly body: string;
  readonly tail: string;
  readonly node: NodeRecord;
  readonly batch: BatchRecord;
  readonly event: ClusterEventRecord;
  readonly cluster: ClusterRecord;
}

export type RecordKind = keyof RecordValues;

export type DurableRecord = {
  [Kind in RecordKind]: { readonly kind: Kind; readonly id: string; readonly value: RecordValues[Kind] | null };
}[RecordKind];

/** Kinds whose value is text already, and is not parsed. */
function isTextKind(kind: RecordKind): kind is "body" | "tail" {
  return kind === "body" || kind === "tail";
}

const kinds: ReadonlySet<string> = new Set<RecordKind>(["task", "body", "tail", "node", "batch", "event", "cluster"]);

/** The line of a record. A body's text must be JSON (it is written as it is), a tail's base64. */
export function encodeRecord(record: DurableRecord): string {
  if (record.value === null) return `-${record.kind}\t${record.id}\t`;
  const text = record.kind === "body" || record.kind === "tail" ? record.value : JSON.stringify(record.value);
  return `+${record.kind}\t${record.id}\t${text}`;
}

/** @throws Error when the line is not a record: storage was written by something else, or is damaged. */
export function decodeRecord(line: string): DurableRecord {
  const afterKind = line.indexOf("\t");
  const afterId = line.indexOf("\t", afterKind + 1);
  const operation = line[0];
  const kind = line.slice(1, afterKind);
  if (afterKind < 0 || afterId < 0 || (operation !== "+" && operation !== "-") || !kinds.has(kind)) {
    throw new Error(`not a record: ${JSON.stringify(line.slice(0, 80))}`);
  }
  const id = line.slice(afterKind + 1, afterId);
  const text = line.slice(afterId + 1);
  const value = operation === "-" ? null : isTextKind(kind as RecordKind) ? text : JSON.parse(text);
  return { kind, id, value } as DurableRecord;
}

/** The value's text in a line. */
export function textOfLine(line: string): string {
  return line.slice(line.indexOf("\t", line.indexOf("\t") + 1) + 1);
}

const endedStates: ReadonlySet<string> = new Set<TaskState>(["succeeded", "failed", "cancelled", "timedOut"]);

export function isEnded(state: TaskState): boolean {
  return endedStates.has(state);
}

const endedAttemptStates: ReadonlySet<string> = new Set<AttemptState>([
  "succeeded",
  "failed",
  "timedOut",
  "cancelled",
  "lost",
  "refused",
]);

export function isEndedAttempt(state: AttemptState): boolean {
  return endedAttemptStates.has(state);
}
