/** Histories told by hand, in which a test shows what a checker accepts and what it refuses. */
import type {
  AttemptRecord,
  ClusterEventRecord,
  DurableRecord,
  NodeRecord,
  TaskRecord,
} from "@holdfast/coordinator/core/record.ts";
import { encodeRecord } from "@holdfast/coordinator/core/record.ts";
import { apply, finishLoading, State } from "@holdfast/coordinator/core/state/state.ts";
import type { Position } from "@holdfast/coordinator/store/store.ts";
import type { Happening, HappeningOf, Promises } from "../../history.ts";
import type { Checker, CheckerParts } from "../checker.ts";
import { Suite } from "../suite.ts";

const promises: Promises = {
  lostAfterMs: 3_000,
  suspectAfterMs: 1_500,
  peerViewMaxAgeMs: 1_500,
  massLossCount: 3,
  massLossFraction: 0.3,
  stallMs: 500,
  tickIntervalMs: 100,
  exclusiveLeaseMs: 20_000,
  exclusiveReassignMs: 27_000,
  clockRateError: 0.001,
  poisonLosses: 3,
  leaderWithinMs: 5_000,
  progressWithinMs: 30_000,
};

export type Told = readonly [atMs: number, happening: Happening];

/** What one checker says of a history. */
export function violationsOf(Class: new (parts: CheckerParts) => Checker, history: readonly Told[]): readonly string[] {
  const suite = new Suite(promises, [Class]);
  for (const [atMs, happening] of history) suite.observe({ ...happening, atMs });
  return suite.violations.map(({ message }) => message);
}

export function task(change: Partial<TaskRecord> = {}): TaskRecord {
  return {
    version: 1,
    id: "t1",
    namespace: "default",
    name: "",
    state: "pending",
    reason: "",
    held: false,
    priority: 0,
    requestId: "",
    bodyHash: "hash",
    batchId: "",
    submittedAtMs: 1_000,
    eligibleAtMs: 0,
    queueDeadlineMs: 0,
    timeoutMs: 0,
    startedAtMs: 0,
    endedAtMs: 0,
    labels: {},
    constraints: [],
    resources: { cpuMillis: 100, memoryBytes: 1_000, counts: {} },
    maxRetries: 2,
    backoffMs: 0,
    backoffMaxMs: 0,
    finalExitCodes: [],
    stopGraceMs: 1_000,
    exclusive: false,
    failures: 0,
    attempts: [],
    ...change,
  };
}

export function attempt(change: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    number: 1,
    nodeId: "n1",
    state: "running",
    reason: "",
    placedAtMs: 1_000,
    startedAtMs: 1_100,
    endedAtMs: 0,
    exitCode: null,
    signal: "",
    devices: {},
    usage: null,
    stop: null,
    ...change,
  };
}

export function node(change: Partial<NodeRecord> = {}): NodeRecord {
  return {
    version: 1,
    id: "n1",
    nodeClass: "default",
    labels: {},
    inventory: {
      hostname: "n1",
      os: "",
      kernel: "",
      arch: "",
      cpuModel: "",
      cpuCores: 4,
      memoryBytes: 8_000,
      swapBytes: 0,
      allocatable: { cpuMillis: 4_000, memoryBytes: 8_000, counts: {} },
      gpus: [],
      manufacturer: "",
      model: "",
      virtualization: "",
    },
    bootId: "boot",
    agentVersion: "1",
    joinedAtMs: 0,
    cordoned: false,
    cordonReason: "",
    drainDeadlineMs: null,
    drainFinished: false,
    lostAtMs: 0,
    awayUntilMs: 0,
    ...change,
  };
}

export function puts(...values: readonly (TaskRecord | NodeRecord)[]): readonly DurableRecord[] {
  return values.map((value) =>
    "attempts" in value ? { kind: "task", id: value.id, value } : { kind: "node", id: value.id, value },
  );
}

export function clusterEvent(sequence: number, kind: string, epoch: number): DurableRecord {
  const value: ClusterEventRecord = { sequence, atMs: 0, kind, subject: "cluster", message: "", epoch };
  return { kind: "event", id: String(sequence), value };
}

export interface CommitChoice {
  readonly serverId?: string;
  readonly coordinatorId?: string;
  readonly epoch?: number;
  readonly previousEpoch?: number;
}

/** The batch with this sequence number, on server s1 by coordinator c1 with epoch 1 unless it is said otherwise. */
export function committed(
  sequence: number,
  records: readonly DurableRecord[],
  choice: CommitChoice = {},
): HappeningOf<"committed"> {
  const { serverId = "s1", coordinatorId = "c1", epoch = 1 } = choice;
  const previousEpoch = choice.previousEpoch ?? epoch;
  const previous: Position = { epoch: sequence === 1 ? 0 : previousEpoch, sequence: sequence - 1 };
  const lines = records.map(encodeRecord);
  const batch = { epoch, sequence, previous, id: `${epoch}.${sequence}`, lines };
  return { kind: "committed", serverId, coordinatorId, lineage: "log", batch };
}

export function stateOf(...values: readonly (TaskRecord | NodeRecord)[]): State {
  const state = new State(60_000);
  for (const record of puts(...values)) apply(state, record);
  finishLoading(state);
  return state;
}
