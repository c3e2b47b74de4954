/**
 * Everything that can happen to the coordinator's core. Identities, random numbers and readings of clocks come in with
 * the event; the core has no others.
 */
import type {
  AttemptState,
  DurableRecord,
  NodeInventory,
  NodeRecord,
  PlacementConstraint,
  ResourceAmounts,
  TaskRecord,
  TaskState,
  UsageRecord,
} from "./record.ts";
import type { Sample } from "./series/sample.ts";

/** The two clocks, read once for each event. */
export interface Now {
  /** Unix time, for what is stored or shown. */
  readonly wallMs: number;
  /** A clock of this machine that never jumps and runs on through suspend, for what is measured between two events. */
  readonly steadyMs: number;
}

/** A checked submission: bounded, defaults filled in. */
export interface NewTask {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  /** Hash of the spec as it was sent, before defaults. */
  readonly bodyHash: string;
  /** The TaskSpec as JSON text. */
  readonly body: string;
  readonly notBeforeMs: number;
  /** 0: none. */
  readonly queueTimeoutMs: number;
  readonly timeoutMs: number;
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
}

/** All that is set must hold. */
export interface TaskSelection {
  readonly states?: readonly TaskState[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly batchId?: string;
  readonly nodeId?: string;
  readonly name?: string;
}

/** What a client asks the leader to change, with the answer that it gets. */
export interface Writes {
  submit: {
    request: { readonly namespace: string; readonly requestId: string; readonly task: NewTask };
    answer: { readonly taskId: string };
  };
  submitBatch: {
    request: {
      readonly namespace: string;
      readonly requestId: string;
      /** Hash over all specs as sent. */
      readonly bodyHash: string;
      readonly batchId: string;
      /** The batch must exist already. */
      readonly adds: boolean;
      readonly allowPartial: boolean;
      /** In the order of the request; an item that was refused before it reached the core is an error. */
      readonly items: readonly (NewTask | ItemError)[];
    };
    answer: {
      readonly batchId: string;
      /** "" where it was refused. */
      readonly taskIds: readonly string[];
      readonly errors: readonly (ItemError & { readonly index: number })[];
    };
  };
  cancel: {
    request: {
      readonly namespace: string;
      readonly target: { readonly taskId: string } | { readonly selection: TaskSelection };
      readonly reason: string;
    };
    answer: { readonly affected: number; readonly more: boolean };
  };
  retry: {
    request: {
      readonly namespace: string;
      readonly taskId: string;
      readonly requestId: string;
      readonly newTaskId: string;
      /** Body of the ended task, which is not kept in memory. */
      readonly body: string;
    };
    answer: { readonly taskId: string };
  };
  hold: { request: { readonly namespace: string; readonly taskId: string }; answer: Done };
  release: { request: { readonly namespace: string; readonly taskId: string }; answer: Done };
  cordon: { request: { readonly nodeId: string; readonly reason: string }; answer: Done };
  uncordon: { request: { readonly nodeId: string }; answer: Done };
  drain: {
    request: { readonly nodeId: string; readonly deadlineMs: number; readonly reason: string };
    answer: Done;
  };
  remove: { request: { readonly nodeId: string }; answer: Done };
  confirmDead: { request: { readonly nodeId: string; readonly reason: string }; answer: Done };
  pausePlacement: { request: { readonly reason: string }; answer: Done };
  resumePlacement: { request: object; answer: Done };
}

export type Done = Record<string, never>;

export interface ItemError {
  readonly field: string;
  readonly message: string;
}

export function isItemError(item: NewTask | ItemError): item is ItemError {
  return "message" in item;
}

export type WriteKind = keyof Writes;
export type WriteRequest<Kind extends WriteKind = WriteKind> = {
  [K in Kind]: { readonly kind: K } & Writes[K]["request"];
}[Kind];
export type WriteAnswer<Kind extends WriteKind = WriteKind> = Writes[Kind]["answer"];

/** The latest that an agent knows of one of its attempts. */
export interface AttemptNews {
  readonly taskId: string;
  readonly attempt: number;
  /** Never "placed"; "lost" when the machine restarted under it, or its lease ran out. */
  readonly state: AttemptState;
  readonly reason: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly exitCode: number | null;
  readonly signal: string;
  /** Base64 of the supervisor's frames; "" where there is none. */
  readonly outputTail: string;
  readonly usage: UsageRecord | null;
}

export interface NodeHello {
  readonly nodeId: string;
  readonly bootId: string;
  readonly instanceId: string;
  readonly highestEpoch: number;
  readonly nodeClass: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly agentVersion: string;
  readonly inventory: NodeInventory;
  readonly attempts: readonly AttemptNews[];
}

/** What placement goes by; everything else that is measured is kept as it came, for those who ask. */
export interface NodeLoad {
  /** 0 to 1 of the node; -1: not measured. */
  readonly cpuUsed: number;
  readonly memoryUsedBytes: number;
}

/** What a peer does not hear. */
export interface PeerHearing {
  readonly coordinatorId: string;
  readonly silentNodeIds: readonly string[];
  /** For how long each of them has been silent there; not told by coordinators of before 0.2. */
  readonly silentForMs?: readonly number[];
  /** How long the peer's own loop has run without a stall. */
  readonly steadyForMs: number;
  /** Of the log that the peer belongs to; "" for none. */
  readonly lineage: string;
  /** The highest epoch whose log holds everything that the peer's journal has. */
  readonly reconciledEpoch: number;
}

/** A coordinator has begun to lead. */
export interface Election {
  readonly epoch: number;
  readonly leaderId: string;
  /** Sequence of the batch that this will be written in. */
  readonly firstSequence: number;
  /** The storage server's process that the lease was acquired from. */
  readonly serverId: string;
  /** The highest epoch that it had met before, from whomever. */
  readonly metEpoch: number;
  /** How many orphans its own journal holds for this log. */
  readonly ownOrphans: number;
}

/** A piece of what the storage had lost and a journal gives back. A task comes in one piece with its body and tails. */
export interface OrphanPiece {
  readonly orphanId: string;
  /** The coordinator whose journal it is from. */
  readonly origin: string;
  /** The last position of the lost history. */
  readonly end: { readonly epoch: number; readonly sequence: number };
  readonly records: readonly DurableRecord[];
  /** Keys ("task main-1") of what our log has changed since both histories parted; null: not known, any may be. */
  readonly changedSince: ReadonlySet<string> | null;
  /** By key, our live tasks and nodes as they were when that was found out: whatever is another now has changed since, too. */
  readonly seen: ReadonlyMap<string, TaskRecord | NodeRecord>;
  readonly isLast: boolean;
}

export type CoordinatorEvent =
  /** This coordinator leads from now on, and its state is all that the log holds. */
  | { readonly kind: "elected"; readonly election: Election }
  /** Comes every tickIntervalMs; deadlines are looked at then. */
  | { readonly kind: "tick" }
  /** Places what waits; the loop adds it to each batch that may have made a placement possible. */
  | { readonly kind: "place"; readonly seed: number }
  | { readonly kind: "write"; readonly callId: number; readonly request: WriteRequest }
  | { readonly kind: "hello"; readonly hello: NodeHello; readonly seed: number }
  | {
      readonly kind: "reports";
      readonly nodeId: string;
      readonly reports: readonly AttemptNews[];
      readonly seed: number;
    }
  | { readonly kind: "farewell"; readonly nodeId: string; readonly returning: boolean; readonly reason: string }
  | { readonly kind: "merge"; readonly piece: OrphanPiece }
  /** An agent has met a higher epoch: this leadership is over, whether it knows it or not. */
  | { readonly kind: "higherEpochMet"; readonly epoch: number };

/** What is heard but not stored; every coordinator takes these in, whether it leads or not. */
export type Heard =
  | { readonly kind: "joined"; readonly nodeId: string; readonly instanceId: string }
  | { readonly kind: "beat"; readonly nodeId: string; readonly sequence: number }
  /** A measurement of the node. */
  | {
      readonly kind: "load";
      readonly nodeId: string;
      readonly load: NodeLoad;
      readonly samples: readonly Sample[];
    }
  | { readonly kind: "left"; readonly nodeId: string; readonly instanceId: string }
  /** A beat came through the coordinator that hears this node; the leader alone is told. */
  | { readonly kind: "relayed"; readonly nodeId: string; readonly through: string }
  /** Why exclusive tasks could run twice at a time here, and what to set; "": they cannot. */
  | { readonly kind: "exclusiveObstacle"; readonly reason: string }
  /** This coordinator's own loop has turned; comes every tickIntervalMs. */
  | { readonly kind: "turned" }
  | { readonly kind: "peer"; readonly hearing: PeerHearing }
  /** The other coordinators that live, as far as the storage knows. */
  | { readonly kind: "listed"; readonly coordinatorIds: readonly string[] };
