/**
 * The node under the agent, as a port: attempts as processes and folders that outlive the agent's own process. Production
 * has `AttemptHost`; a simulation has simulated processes on a simulated disk.
 *
 * What every host must keep, whatever happens to the agent's process:
 *
 *  - Whoever makes an attempt's folder, exclusively, decides: either it is launched once, or it is buried. A folder stays
 *    until its end is acknowledged, also through a restart of the machine when it was buried or decided.
 *  - An end is recorded by the attempt's supervisor, without the agent, and only when none of its processes is left.
 *  - The supervisor enforces timeout, stop grace and lease, also while the agent is stopped or dead.
 *
 * Acts return at once and must not throw: what comes of them is told by `emit`, in a later turn. What is told are hints and
 * may get lost with the agent's process; `scan` and `look` tell the truth of the folders.
 */
import type { AttemptEnd, AttemptId } from "../core/attempt.ts";
import type { AgentEvent, FoundAttempt, StartOrder } from "../core/event.ts";
import type { AgentRecord } from "../core/record.ts";

export type HostEvent = Extract<
  AgentEvent,
  { kind: "started" | "ended" | "notStarted" | "buried" | "exists" | "gone" | "swept" }
>;

export interface Launch {
  readonly order: StartOrder;
  /** `epoch.attempt`, for HOLDFAST_FENCE. */
  readonly fence: string;
  /**
   * On the agent's steady clock: when the attempt's processes begin to be stopped unless the lease is extended. Already
   * past when it would start: it is not started, and ends with a start error. null: it is not exclusive.
   */
  readonly leaseUntilMs: number | null;
}

export interface Host {
  /** Called once, before anything else. Nothing is told before. */
  listen(emit: (event: HostEvent) => void): void;

  /** All attempts with a folder here whose end is not acknowledged. */
  scan(): Promise<readonly FoundAttempt[]>;

  /**
   * Makes the folder and starts the attempt. `exists` when there is a folder; `notStarted` when no folder could be made;
   * else `started` with its process and later `ended`, or `ended` alone when nothing could be executed, or `gone` when its
   * supervisor died without recording an end.
   */
  launch(launch: Launch): void;

  /** Makes the folder, durably, with this end in it: `buried`; or `exists`. Tries until it can. */
  bury(id: AttemptId, end: AttemptEnd): void;

  /**
   * Gently: the stop signal and, after the grace, SIGKILL to everything. By force: SIGKILL now. `ended` follows in time; at
   * once when it has ended already, and `gone` when it has no supervisor any more.
   */
  stop(id: AttemptId, force: boolean): void;

  /** Kills what an attempt has left whose supervisor is gone, until nothing of it lives any more: `swept`. */
  killLeftovers(id: AttemptId): void;

  /**
   * Lets an exclusive attempt of this folder run until then (steady clock), if its lease does not last longer already. Not
   * answered; without effect when there is no such folder or nothing of it runs.
   */
  extendLease(id: AttemptId, untilMs: number): void;

  /** Tells again what the folder says: `started`, `ended` or `gone`; nothing while it is being started. Never rejects. */
  look(id: AttemptId): Promise<void>;

  /** The last output of an ended attempt, for its report; empty once it is acknowledged. */
  tailOf(id: AttemptId): Buffer;
}

/** What the agent remembers through its own restarts. */
export interface AgentMemory {
  /** 0: none has been met. */
  highestEpoch(): Promise<number>;
  /**
   * Resolves when the records are durable, however long that takes: an agent whose disk takes no writes obeys nothing and
   * falls silent. `acknowledged` need not be durable.
   */
  write(records: readonly AgentRecord[]): Promise<void>;
}
