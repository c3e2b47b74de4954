/**
 * What a coordinator counts for /metrics as it happens: commits, and the service levels of the cluster. What can be read from
 * its state is read when somebody asks (`coordinator-metrics.ts`).
 */
import type { Exposition, Observe } from "@holdfast/shared/exposition/exposition.ts";
import type { Now } from "../core/event.ts";
import type { DurableRecord } from "../core/record.ts";
import type { State } from "../core/state/state.ts";
import type { CommitOutcome } from "../loop/ports.ts";
import { LeadershipGap } from "./leadership-gap.ts";
import { ServiceLevels, type SilenceOf, type Tally } from "./service-levels.ts";

export interface Taking {
  /** 0: another coordinator committed it. */
  readonly leadingEpoch: number;
  /** When a lease was last seen in the storage, on the steady clock. */
  readonly leaseSeenMs: number;
  readonly now: Now;
  readonly silenceOf: SilenceOf;
}

const commitBounds = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2];
/** Around what is promised: detection 3 s, reassignment with it 4 s, fail-over 0.25, 0.5 and 3.5 s. */
const levelBounds = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 7.5, 10, 30, 60];
const queueBounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400];
const delayBounds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

export class CoordinatorMeter {
  readonly commits: Readonly<Record<CommitOutcome, number>>;
  readonly #levels: ServiceLevels;
  readonly #gap: LeadershipGap;
  readonly #commitTook: Observe;
  readonly #failOver: Observe;
  readonly #loopDelay: Observe;
  readonly #tickIntervalMs: number;
  readonly #commits: Record<CommitOutcome, number> = { committed: 0, refused: 0, unanswered: 0, unknown: 0 };
  #recordsCommitted = 0;
  #leaderships = 0;
  #firstCommitOf = 0;
  #lastTurnMs: number | null = null;

  constructor(
    exposition: Exposition,
    { leaseTtlMs, tickIntervalMs }: { readonly leaseTtlMs: number; readonly tickIntervalMs: number },
  ) {
    this.commits = this.#commits;
    this.#tickIntervalMs = tickIntervalMs;
    this.#gap = new LeadershipGap(leaseTtlMs);
    this.#commitTook = exposition.histogram(
      {
        name: "holdfast_commit_duration_seconds",
        help: "From the first sending of a batch to the storage's answer that it is committed, repeats included.",
      },
      commitBounds,
    );
    this.#failOver = exposition.histogram(
      {
        name: "holdfast_failover_duration_seconds",
        help:
          "How long nobody led before this coordinator did: from the end of the leadership before to this one's first " +
          "commit. That end is when it was told or its process died; of a leader that fell silent its last word that it " +
          "leads, or one lease before its lease was last seen in the storage, whichever is later: rather too long by half " +
          "a second than too short. Not measured by one that knew no leadership before, as at the cluster's first start.",
      },
      levelBounds,
    );
    this.#levels = new ServiceLevels({
      detection: exposition.histogram(
        {
          name: "holdfast_node_detection_duration_seconds",
          help:
            "From the last beat that the leader heard of a node to the commit that takes it for lost. Nodes that said " +
            "goodbye, or were away, do not count.",
        },
        levelBounds,
      ),
      reassignment: exposition.histogram(
        {
          name: "holdfast_task_reassignment_duration_seconds",
          help:
            "For each task whose attempt was lost: from the commit that takes it for lost to the one that knows the next " +
            "attempt to run. Of an exclusive task, from when the lost attempt is known to have ended.",
        },
        levelBounds,
      ),
      queueAge: exposition.histogram(
        {
          name: "holdfast_task_queue_duration_seconds",
          help:
            "For each task: from its submission, or when it became eligible or was released if that is later, to the " +
            "commit that knows its first process to run.",
        },
        queueBounds,
      ),
    });
    this.#loopDelay = exposition.histogram(
      {
        name: "holdfast_event_loop_delay_seconds",
        help: "How late this coordinator's own tick was, which is how long everything else waited for its event loop.",
      },
      delayBounds,
    );
  }

  get tally(): Tally {
    return this.#levels.tally;
  }

  get recordsCommitted(): number {
    return this.#recordsCommitted;
  }

  get leaderships(): number {
    return this.#leaderships;
  }

  loaded(state: State): void {
    this.#levels.loaded(state);
  }

  took(records: readonly DurableRecord[], { leadingEpoch, leaseSeenMs, now, silenceOf }: Taking): void {
    const counting = leadingEpoch > 0;
    this.#levels.took(records, counting, now, silenceOf);
    if (!counting) return;
    this.#recordsCommitted += records.length;
    if (this.#firstCommitOf !== leadingEpoch) this.#began(leadingEpoch, leaseSeenMs, now);
  }

  committed(outcome: CommitOutcome, tookMs: number): void {
    this.#commits[outcome] += 1;
    if (outcome === "committed") this.#commitTook(tookMs / 1_000);
  }

  /** Another coordinator has said that it leads. */
  leaderSpoke(now: Now): void {
    this.#gap.leads(now.steadyMs);
  }

  /** The leader, this or another one, leads no more. */
  leaderGone(now: Now): void {
    this.#gap.gone(now.steadyMs);
  }

  /** The tick of this coordinator's own loop. @param leadingEpoch 0: it does not lead */
  turned(leadingEpoch: number, now: Now): void {
    if (this.#lastTurnMs !== null) {
      const lateMs = now.steadyMs - this.#lastTurnMs - this.#tickIntervalMs;
      this.#loopDelay(Math.max(0, lateMs) / 1_000);
    }
    this.#lastTurnMs = now.steadyMs;
    // Not before the first commit, which is what the gap ends with.
    if (leadingEpoch > 0 && leadingEpoch === this.#firstCommitOf) this.#gap.leads(now.steadyMs);
  }

  #began(epoch: number, leaseSeenMs: number, now: Now): void {
    this.#firstCommitOf = epoch;
    this.#leaderships += 1;
    const gapMs = this.#gap.untilMs(now.steadyMs, leaseSeenMs);
    if (gapMs !== null) this.#failOver(gapMs / 1_000);
    this.#gap.leads(now.steadyMs);
  }
}
