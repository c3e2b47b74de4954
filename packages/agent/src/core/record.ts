/**
 * What the core makes durably true on the node. Written before anything that was decided with it is done or told.
 *
 * The rest of what must survive is made by others: the order and the folder by the launcher, the end by the supervisor.
 */
import type { AttemptEnd, AttemptId } from "./attempt.ts";

export type AgentRecord =
  /** Nothing of a lower one is obeyed from now on. */
  | { readonly kind: "highestEpoch"; readonly epoch: number }
  /** How an attempt ended whose supervisor can no longer say so. */
  | { readonly kind: "decided"; readonly id: AttemptId; readonly end: AttemptEnd }
  /** The leader has the end; it need not be told again. Losing this one is harmless. */
  | { readonly kind: "acknowledged"; readonly id: AttemptId };
