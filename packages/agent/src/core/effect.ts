/** Everything that the core can cause outside. An effect leaves only after the records of its turn are on disk. */
import type { AttemptEnd, AttemptId, AttemptReport } from "./attempt.ts";
import type { StartOrder } from "./event.ts";

/** The shell adds what describes the node. */
export interface HelloMessage {
  readonly kind: "hello";
  readonly highestEpoch: number;
  /** 0: nobody has asked. */
  readonly answersInquiry: number;
  /** 0: none was sent yet. */
  readonly lastBeat: number;
  readonly attempts: readonly AttemptReport[];
}

export type Message =
  | HelloMessage
  | { readonly kind: "beat"; readonly sequence: number }
  | { readonly kind: "reports"; readonly reports: readonly AttemptReport[] }
  | { readonly kind: "farewell"; readonly returning: boolean; readonly reason: string }
  | { readonly kind: "epochRefused"; readonly refusedEpoch: number; readonly highestEpoch: number };

export type AgentEffect =
  /**
   * Answered by `started`, `ended`, `notStarted`, `exists` or `gone`. `fence` is `epoch.attempt`. An exclusive attempt's
   * processes are stopped at `leaseUntilMs` (steady clock) unless that is extended; null: it is not exclusive.
   */
  | {
      readonly kind: "launch";
      readonly order: StartOrder;
      readonly fence: string;
      readonly leaseUntilMs: number | null;
    }
  /**
   * Make the attempt's folder exclusively and write this end into it, so that it can never start here. Answered by
   * `buried` or `exists`.
   */
  | { readonly kind: "bury"; readonly id: AttemptId; readonly end: AttemptEnd }
  /** Gently: the stop signal and, after the grace, SIGKILL. By force: SIGKILL now. */
  | { readonly kind: "stop"; readonly id: AttemptId; readonly force: boolean }
  /** Its supervisor is gone: kill what it left. Answered by `swept`. */
  | { readonly kind: "killLeftovers"; readonly id: AttemptId }
  /** An exclusive attempt may run until then (steady clock). Never shortens its lease. */
  | { readonly kind: "extendLease"; readonly id: AttemptId; readonly untilMs: number }
  | { readonly kind: "send"; readonly to: string | "all"; readonly message: Message }
  | { readonly kind: "log"; readonly level: "info" | "warn"; readonly message: string };
