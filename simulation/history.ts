/**
 * What happens in a simulated world, as somebody sees it who stands outside: each event with the world's true time, whatever
 * the clocks of the machines in it say. Checkers judge a run by this alone.
 *
 * Where the world sees it:
 *  - the store's port and the simulated servers: commits, leases, what a server lost;
 *  - `CoordinatorPorts`, `Backend` and the streams between the machines: calls, orders, beats, views;
 *  - the agent loop's ports (`LoopPorts.write`, `LoopPorts.perform`) and the simulated processes;
 *  - `Coordinator.changes` (a ChangeSink) together with the replica's State: replicas at positions;
 *  - both cores' `decide`: what coverage is counted by.
 */
import type { AgentEffect } from "@holdfast/agent/core/effect.ts";
import type { AgentEvent } from "@holdfast/agent/core/event.ts";
import type { AgentRecord } from "@holdfast/agent/core/record.ts";
import type { CoordinatorEffect } from "@holdfast/coordinator/core/effect.ts";
import type { CoordinatorEvent, WriteAnswer, WriteRequest } from "@holdfast/coordinator/core/event.ts";
import type { AttemptState, TaskRecord } from "@holdfast/coordinator/core/record.ts";
import type { State } from "@holdfast/coordinator/core/state/state.ts";
import type { Batch, Position } from "@holdfast/coordinator/store/store.ts";

/** One placement of a task. */
export interface AttemptKey {
  readonly taskId: string;
  readonly attempt: number;
}

/** A coordinator as it speaks with one epoch. */
interface Speaker {
  readonly coordinatorId: string;
  readonly epoch: number;
}

/** An agent's process: after a restart the instance is another one. */
interface AgentProcess {
  readonly nodeId: string;
  readonly instanceId: string;
}

/** Clients of the cluster. `callId` is the world's own, unique in a run. */
export type ClientHappening =
  | {
      readonly kind: "called";
      readonly callId: number;
      readonly clientId: string;
      readonly coordinatorId: string;
      readonly request: WriteRequest;
    }
  | { readonly kind: "answered"; readonly callId: number; readonly answer: WriteAnswer }
  | { readonly kind: "refused"; readonly callId: number; readonly code: string; readonly message: string }
  /** The client gave up waiting, or its connection broke: whether it was done is not known. */
  | { readonly kind: "unanswered"; readonly callId: number }
  /** A read was answered; `task` null: there is no such task. `leading`: it claims to be current. */
  | {
      readonly kind: "read";
      readonly coordinatorId: string;
      readonly taskId: string;
      readonly task: TaskRecord | null;
      readonly leading: boolean;
      /** `<lineage>.<sequence>` at which it was answered. */
      readonly revision: string;
    }
  /** A result's output tail or the task's body was asked for; null: there is none. */
  | {
      readonly kind: "readText";
      readonly coordinatorId: string;
      readonly text: "body" | "tail";
      readonly taskId: string;
      /** 0 for a body. */
      readonly attempt: number;
      readonly value: string | null;
    };

/** Storage: several servers, each with a log of its own; replicas copy from the one that is primary. */
export type StoreHappening =
  /** A server has written a batch as a primary, whether its answer arrives or not. Told for a real write only, not for a repeat. */
  | {
      readonly kind: "committed";
      readonly serverId: string;
      readonly coordinatorId: string;
      readonly lineage: string;
      readonly batch: Batch;
    }
  /** A coordinator has sent a batch; sent again, it is told again. */
  | { readonly kind: "commitSent"; readonly coordinatorId: string; readonly batch: Batch }
  | {
      readonly kind: "commitAnswered";
      readonly coordinatorId: string;
      readonly batch: Batch;
      readonly outcome: "committed" | "refused" | "unknown";
    }
  | {
      readonly kind: "acquired";
      readonly serverId: string;
      readonly coordinatorId: string;
      readonly epoch: number;
      readonly lineage: string;
      readonly position: Position;
    }
  /**
   * The holder has the answer to an acquisition or a renewal that it sent at `sentAtMs`: it may count on its lease until
   * `deadlineMs`. Both in true time: the deadline is stepDownMs of the holder's own steady clock after the sending.
   */
  | {
      readonly kind: "leaseCounted";
      readonly coordinatorId: string;
      readonly epoch: number;
      readonly sentAtMs: number;
      readonly deadlineMs: number;
    }
  | { readonly kind: "leaseReleased"; readonly coordinatorId: string; readonly epoch: number }
  /** This server has what the primary had up to `position` (it copies, or was made a copy). */
  | { readonly kind: "replicated"; readonly serverId: string; readonly lineage: string; readonly position: Position }
  /** Its log ends there from now on: written data was lost. null: it is empty. */
  | {
      readonly kind: "storeLost";
      readonly serverId: string;
      readonly lineage: string;
      readonly position: Position | null;
    }
  /** From now on coordinators reach this one (another one may go on as a primary for those that still reach it). */
  | { readonly kind: "primaryChanged"; readonly serverId: string };

/** Copies of the log beside the storage: the coordinators' journals. */
export type JournalHappening =
  /** A batch is in the coordinator's journal. `synced`: a crash of the machine does not lose it. */
  | {
      readonly kind: "journaled";
      readonly coordinatorId: string;
      readonly lineage: string;
      readonly position: Position;
      readonly synced: boolean;
    }
  /** The coordinator's disk lost what was not synced, or everything. */
  | { readonly kind: "diskLost"; readonly machineId: string; readonly what: "unsynced" | "everything" };

export type CoordinatorHappening =
  | { readonly kind: "coordinatorStarted"; readonly coordinatorId: string }
  /** `how`: in order, the process was killed, or the machine went down with it. */
  | {
      readonly kind: "coordinatorStopped";
      readonly coordinatorId: string;
      readonly how: "stopped" | "killed" | "machineDown";
    }
  /** It holds itself for the leader: seen by a look at it, or by what it tells. */
  | ({ readonly kind: "claimed" } & Speaker)
  /** Put on the wire, directly or through a standby. */
  | ({ readonly kind: "announced"; readonly nodeId: string } & Speaker)
  | ({
      readonly kind: "startSent";
      readonly nodeId: string;
      readonly answersBeat: number;
      /** 0: not exclusive. */
      readonly leaseMs: number;
    } & Speaker &
      AttemptKey)
  | ({ readonly kind: "stopSent"; readonly nodeId: string; readonly reason: string } & Speaker & AttemptKey)
  | ({ readonly kind: "acknowledgementSent"; readonly nodeId: string } & Speaker & AttemptKey)
  | ({
      readonly kind: "grantSent";
      readonly nodeId: string;
      readonly answersBeat: number;
      readonly leaseMs: number;
      readonly attempts: readonly AttemptKey[];
    } & Speaker)
  /** A Hello or a beat of the node has arrived and was read by the coordinator's process, directly or relayed by `through`. */
  | {
      readonly kind: "heard";
      readonly coordinatorId: string;
      readonly nodeId: string;
      readonly instanceId: string;
      readonly what: "hello" | "beat";
      /** The beat's number; 0 for a Hello. */
      readonly sequence: number;
      /** null: directly. */
      readonly through: string | null;
    }
  | {
      readonly kind: "farewellHeard";
      readonly coordinatorId: string;
      readonly nodeId: string;
      readonly returning: boolean;
    }
  /** A report of an attempt has arrived (with reports, or in a Hello). */
  | ({
      readonly kind: "reportHeard";
      readonly coordinatorId: string;
      readonly nodeId: string;
      readonly state: AttemptState;
    } & AttemptKey)
  /** A peer's view of whom it hears has arrived. */
  | {
      readonly kind: "viewHeard";
      readonly coordinatorId: string;
      readonly peerId: string;
      readonly silentNodeIds: readonly string[];
    }
  /** After each batch that a coordinator's copy has taken in (as leader or standby), and after each load. */
  | {
      readonly kind: "replica";
      readonly coordinatorId: string;
      readonly lineage: string;
      readonly position: Position;
      /** To be looked at during the call only: it changes later. */
      readonly state: State;
      /** "loaded": it was replaced as a whole. */
      readonly by: "leading" | "following" | "loaded";
    }
  | { readonly kind: "decided"; readonly coordinatorId: string; readonly event: CoordinatorEvent }
  | { readonly kind: "released"; readonly coordinatorId: string; readonly effects: readonly CoordinatorEffect[] };

export type AgentHappening =
  | ({ readonly kind: "agentStarted" } & AgentProcess)
  | ({ readonly kind: "agentStopped"; readonly how: "stopped" | "killed" | "machineDown" } & AgentProcess)
  /** The highest epoch is on the node's disk. */
  | { readonly kind: "epochPersisted"; readonly nodeId: string; readonly epoch: number }
  /** The agent took orders, acknowledgements or a grant for its leader's. Told when it decided so. */
  | ({
      readonly kind: "obeyed";
      readonly epoch: number;
      readonly what: "start" | "stop" | "acknowledgement" | "grant";
      readonly attempts: readonly AttemptKey[];
    } & AgentProcess)
  | ({ readonly kind: "epochRefused"; readonly refusedEpoch: number; readonly highestEpoch: number } & AgentProcess)
  /** Told to a coordinator in a report or a Hello, when it leaves the agent. */
  | ({
      readonly kind: "reportSent";
      readonly coordinator: string;
      readonly state: AttemptState;
      readonly reason: string;
    } & AgentProcess &
      AttemptKey)
  | ({
      readonly kind: "agentDecided";
      readonly event: AgentEvent;
      readonly records: readonly AgentRecord[];
      readonly effects: readonly AgentEffect[];
    } & AgentProcess);

/** Real processes, as the world knows them. */
export type ProcessHappening =
  | ({
      readonly kind: "processStarted";
      readonly nodeId: string;
      readonly exclusive: boolean;
      /** HOLDFAST_FENCE. */
      readonly fence: string;
    } & AttemptKey)
  /** Nothing of the attempt runs any more. `exitCode` null: a signal ended it, or the machine went down. */
  | ({
      readonly kind: "groupEmpty";
      readonly nodeId: string;
      readonly exitCode: number | null;
      readonly how: "exited" | "stopped" | "leaseOver" | "machineDown";
    } & AttemptKey)
  /** Made so that the attempt can never start there. */
  | ({ readonly kind: "buried"; readonly nodeId: string } & AttemptKey);

export type MachineHappening =
  /**
   * What exclusive tasks assume does not hold on this machine from now on: its clock's rate is off by more than the bound,
   * or its hypervisor or its supervisors are stopped, so that nothing can be enforced.
   */
  | { readonly kind: "assumptionsBroken"; readonly machineId: string; readonly reason: string }
  | { readonly kind: "assumptionsHold"; readonly machineId: string }
  /** The machine does nothing until it is resumed. A process that is stopped counts, too. */
  | { readonly kind: "paused"; readonly machineId: string }
  | { readonly kind: "resumed"; readonly machineId: string }
  /** It comes back with another boot id. */
  | { readonly kind: "rebooted"; readonly machineId: string };

/** Sizes that must stay bounded, looked at now and then: queues, outboxes, maps, journals. */
export interface SizeHappening {
  readonly kind: "measured";
  readonly owner: string;
  /** Such as "events waiting for the leader". */
  readonly what: string;
  readonly size: number;
  readonly bound: number;
}

export type RunHappening =
  /** A fault begins; `fault` is its kind, `detail` for a person. */
  | { readonly kind: "fault"; readonly fault: string; readonly detail: string }
  /** From here on nothing fails any more, and everything that had failed works. */
  | { readonly kind: "healed" }
  /** Last of all. `leaderId` null: nobody leads. `state`: of the leader's copy, or of any. */
  | { readonly kind: "ended"; readonly leaderId: string | null; readonly state: State | null };

export type Happening =
  | ClientHappening
  | StoreHappening
  | JournalHappening
  | CoordinatorHappening
  | AgentHappening
  | ProcessHappening
  | MachineHappening
  | SizeHappening
  | RunHappening;

export type HappeningKind = Happening["kind"];
export type HappeningOf<Kind extends HappeningKind> = Extract<Happening, { readonly kind: Kind }>;

/** True time in milliseconds since the world began. */
export type HistoryEvent<Kind extends HappeningKind = HappeningKind> = { readonly atMs: number } & HappeningOf<Kind>;

export type Observer = (event: HistoryEvent) => void;

/** Gives every happening its true time, and hands it to all who watch. Keeps nothing itself. */
export class History {
  readonly #trueTimeMs: () => number;
  readonly #observers: Observer[] = [];

  constructor(trueTimeMs: () => number) {
    this.#trueTimeMs = trueTimeMs;
  }

  watch(observer: Observer): void {
    this.#observers.push(observer);
  }

  record(happening: Happening): void {
    const event = { ...happening, atMs: this.#trueTimeMs() };
    for (const observe of this.#observers) observe(event);
  }
}

/** What the cluster under test promises; from the configuration that the world gives it. Times in milliseconds. */
export interface Promises {
  readonly lostAfterMs: number;
  readonly suspectAfterMs: number;
  readonly peerViewMaxAgeMs: number;
  readonly massLossCount: number;
  readonly massLossFraction: number;
  readonly stallMs: number;
  readonly tickIntervalMs: number;
  /** T, W and ρ of exclusive tasks. */
  readonly exclusiveLeaseMs: number;
  readonly exclusiveReassignMs: number;
  readonly clockRateError: number;
  readonly poisonLosses: number;
  /** After healing, somebody leads within this. */
  readonly leaderWithinMs: number;
  /** After healing, no task stands still for longer than this. */
  readonly progressWithinMs: number;
}
