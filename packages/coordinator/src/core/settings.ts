/** What an operator may set about the core's judgement. Times in milliseconds. */

export interface LivenessSettings {
  readonly suspectAfterMs: number;
  readonly lostAfterMs: number;
}

export interface Settings extends LivenessSettings {
  readonly cell: string;
  /** Overrides by node class: an IoT link is not a rack. */
  readonly nodeClasses: Readonly<Record<string, LivenessSettings>>;
  /** How long a node that said it would be back may stay away. */
  readonly awayMaxMs: number;
  /** A waiting task gains one point of priority for each. */
  readonly agingMs: number;
  /** A gap between two ticks above this is a stall of this coordinator's own loop. */
  readonly stallMs: number;
  /** More nodes than max(massLossCount, massLossFraction of all) falling silent within massLossWindowMs need a witness. */
  readonly massLossCount: number;
  readonly massLossFraction: number;
  readonly massLossWindowMs: number;
  /** A peer's view older than this witnesses nothing. */
  readonly peerViewMaxAgeMs: number;
  /** So many distinct nodes lost within poisonWindowMs of this task's starts end it as poison. */
  readonly poisonLosses: number;
  readonly poisonWindowMs: number;
  /** After so long a wait, a task that no node has room for gets one kept free for it. */
  readonly reserveAfterMs: number;
  /** What a task is taken to need when it does not say. */
  readonly defaultCpuMillis: number;
  readonly defaultMemoryBytes: number;
  readonly endedTasksKept: number;
  readonly endedTasksKeptMs: number;
  readonly eventsKept: number;
  /** How long a leader that doubts the storage waits for what other coordinators' journals hold. */
  readonly mergeWaitMs: number;
  /** For how long after a beat of its agent an exclusive attempt may run without a further grant. */
  readonly exclusiveLeaseMs: number;
  /** So long after the last grant an exclusive attempt that nothing is known of is taken for ended. */
  readonly exclusiveReassignMs: number;
  /** Longest stop grace of an exclusive task. */
  readonly exclusiveKillMs: number;
  /** An earlier leader may have granted until so long after the election: what its lease in the storage lasts, */
  readonly leaseTtlMs: number;
  /** and how long a primary that was replaced may still have renewed it. */
  readonly redisOverlapMs: number;
}

export const defaultSettings: Settings = Object.freeze({
  cell: "main",
  suspectAfterMs: 1_500,
  lostAfterMs: 3_000,
  nodeClasses: {},
  awayMaxMs: 60_000,
  agingMs: 60_000,
  stallMs: 500,
  massLossCount: 3,
  massLossFraction: 0.3,
  massLossWindowMs: 60_000,
  peerViewMaxAgeMs: 1_500,
  poisonLosses: 3,
  poisonWindowMs: 60_000,
  reserveAfterMs: 60_000,
  defaultCpuMillis: 100,
  defaultMemoryBytes: 32 * 1024 * 1024,
  endedTasksKept: 1_000_000,
  endedTasksKeptMs: 24 * 3_600_000,
  eventsKept: 10_000,
  mergeWaitMs: 5_000,
  exclusiveLeaseMs: 20_000,
  exclusiveReassignMs: 27_000,
  exclusiveKillMs: 5_000,
  leaseTtlMs: 3_000,
  redisOverlapMs: 0,
});

export function livenessOf(settings: Settings, nodeClass: string): LivenessSettings {
  return settings.nodeClasses[nodeClass] ?? settings;
}
