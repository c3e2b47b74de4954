/** Everything that can go wrong in a world, as a plan names it: when, for how long, and to whom. */

/** A coordinator by number, or whoever leads when the fault begins. */
export type CoordinatorTarget = number | "leader";

/** Who is cut off from whom: machines of coordinators, of nodes, and those of Redis. */
export interface Side {
  readonly coordinators: readonly CoordinatorTarget[];
  readonly nodes: readonly number[];
  readonly redis: boolean;
}

export type FaultDetails =
  /** Nothing passes between the two sides; `directions`: both ways, or only from the first side to the second. */
  | { readonly kind: "partition"; readonly one: Side; readonly other: Side; readonly directions: "both" | "oneWay" }
  | { readonly kind: "lossyNetwork"; readonly lossRate: number }
  | { readonly kind: "slowNetwork"; readonly delayMs: number; readonly jitterMs: number }
  | { readonly kind: "callsTwice"; readonly rate: number }
  /** Killed, and started again by its service manager when the fault ends. */
  | { readonly kind: "coordinatorKilled"; readonly coordinator: CoordinatorTarget }
  /** Stopped in order, and started again. */
  | { readonly kind: "coordinatorRestarted"; readonly coordinator: CoordinatorTarget }
  /** As by SIGSTOP. */
  | { readonly kind: "coordinatorPaused"; readonly coordinator: CoordinatorTarget }
  /**
   * The leader sends a batch that places something, it travels so long, and right after the sending its process is killed, or
   * stopped as by SIGSTOP: what is under way meets a new leader, or an answer an old one.
   */
  | { readonly kind: "leaderGoneInCommit"; readonly lateMs: number; readonly how: "killed" | "paused" }
  /** The next start is stuck on its way, and a stop of its task goes another one: by a standby, or from the next leader. */
  | { readonly kind: "startOvertaken"; readonly stuckForMs: number; readonly leaderDies: boolean }
  /** The next submission is written, its leader dies before the answer, and Redis comes back without it. */
  | { readonly kind: "submissionLost"; readonly downMs: number }
  /** Its machine loses power. */
  | { readonly kind: "coordinatorOff"; readonly coordinator: CoordinatorTarget }
  | { readonly kind: "coordinatorDiskFull"; readonly coordinator: CoordinatorTarget }
  | { readonly kind: "coordinatorDiskLost"; readonly coordinator: CoordinatorTarget }
  | { readonly kind: "agentKilled"; readonly node: number }
  | { readonly kind: "agentRestarted"; readonly node: number; readonly returning: boolean }
  | { readonly kind: "agentPaused"; readonly node: number }
  | { readonly kind: "supervisorKilled"; readonly node: number; readonly withAgent: boolean }
  | { readonly kind: "nodeOff"; readonly node: number }
  /** The machine sleeps: its supervisors, too. */
  | { readonly kind: "nodeAsleep"; readonly node: number }
  | { readonly kind: "nodeDiskFull"; readonly node: number }
  | { readonly kind: "clockStepped"; readonly machine: number; readonly byMs: number }
  /** The process dies, and is back when the fault ends, with everything that was written `lostMs` before its death. */
  | { readonly kind: "redisKilled"; readonly lostMs: number }
  /** A replica that was `lostMs` behind takes over; the old primary goes on for these coordinators meanwhile. */
  | {
      readonly kind: "redisPromoted";
      readonly lostMs: number;
      readonly oldPrimaryFor: readonly CoordinatorTarget[];
    }
  | { readonly kind: "redisPaused" }
  | { readonly kind: "redisSlow"; readonly commandMs: number }
  | { readonly kind: "redisFull" }
  /** Everything in it is gone. */
  | { readonly kind: "redisFlushed" }
  /** Of one coordinator's commands, or of the answers to them, some get lost. */
  | {
      readonly kind: "redisAnswersLost";
      readonly coordinator: CoordinatorTarget;
      readonly requestRate: number;
      readonly answerRate: number;
    }
  | { readonly kind: "redisCommandsTwice"; readonly rate: number }
  /** One coordinator's renewals get no answer, and its commits a late one. */
  | { readonly kind: "redisLeaseUnanswered"; readonly coordinator: CoordinatorTarget; readonly answerDelayMs: number };

export type FaultKind = FaultDetails["kind"];

/** Times since the world began. */
export type Fault = FaultDetails & { readonly atMs: number; readonly forMs: number };

export type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;
