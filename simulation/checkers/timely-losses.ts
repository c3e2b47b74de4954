/**
 * Losses are found in time: a node that nobody hears is lost lostAfterMs after its last beat, or at once after an election
 * that comes later, or when no peer speaks for it any more. A new leader has listened all the time, so that its election resets
 * no timer.
 *
 * Only clear cases are judged: the leader had heard the node itself since its process began to run without a pause, its
 * commits were answered promptly, and too few nodes were silent for a witness to be needed.
 */
import type { NodeRecord } from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";
import type { Changed, CommittedChange } from "./committed-log.ts";
import { Hearing } from "./hearing.ts";

/** A commit that takes longer keeps the leader from looking. */
const promptMs = 300;
/** A look each tick, a commit, and what peers tell of their silences comes twice a second and takes a moment. */
const slackMs = 1_800;

export class TimelyLosses extends Checker {
  readonly name = "an election resets no timer";
  readonly #hearing = new Hearing();
  /** By coordinator: when it was last told the outcome of a commit that took long. */
  readonly #slowAtMs = new Map<string, number>();
  readonly #sentAtMs = new Map<string, number>();
  readonly #electedAtMs = new Map<number, number>();
  #frozenAtMs = Number.NEGATIVE_INFINITY;
  /** A coordinator that was started, or had stalled, gives every node its time. */
  #listensAnewAtMs = Number.NEGATIVE_INFINITY;

  override observe(event: HistoryEvent): void {
    this.#hearing.observe(event);
    if (event.kind === "coordinatorStarted" || event.kind === "resumed") this.#listensAnewAtMs = event.atMs;
    if (event.kind === "commitSent") {
      if (!this.#sentAtMs.has(event.batch.id)) this.#sentAtMs.set(event.batch.id, event.atMs);
    } else if (event.kind === "commitAnswered") {
      const tookMs = event.atMs - (this.#sentAtMs.get(event.batch.id) ?? event.atMs);
      if (tookMs > promptMs || event.outcome !== "committed") this.#slowAtMs.set(event.coordinatorId, event.atMs);
      if (event.outcome !== "unknown") this.#sentAtMs.delete(event.batch.id);
    }
  }

  override committed(change: CommittedChange): void {
    const { entry, nodes, events } = change;
    if (!this.#electedAtMs.has(entry.epoch)) this.#electedAtMs.set(entry.epoch, this.#hearing.decidedAtMs(entry));
    for (const { kind } of events) {
      if (kind === "cluster.frozen" || kind === "cluster.thawed") this.#frozenAtMs = entry.atMs;
    }
    for (const node of nodes) this.#check(change, node);
  }

  #check({ entry, view }: CommittedChange, { id, before, after }: Changed<NodeRecord>): void {
    if (before === undefined || before.lostAtMs > 0 || after === null || after.lostAtMs === 0) return;
    if (before.awayUntilMs > 0) return;
    const leader = entry.coordinatorId;
    const decidedAtMs = this.#hearing.decidedAtMs(entry);
    const ownMs = this.#hearing.lastHeardBy(leader, id, decidedAtMs);
    const heardMs = this.#hearing.lastHeardByAny(id, decidedAtMs);
    const { lostAfterMs } = this.promises;
    const dueMs = Math.max(
      heardMs + lostAfterMs,
      this.#hearing.spokenForUntilMs(leader, id, decidedAtMs, lostAfterMs),
      this.#electedAtMs.get(entry.epoch) ?? entry.atMs,
    );
    const lateMs = decidedAtMs - dueMs;
    const clear =
      ownMs > this.#hearing.steadySince(leader) &&
      (this.#slowAtMs.get(leader) ?? Number.NEGATIVE_INFINITY) < dueMs - slackMs &&
      this.#frozenAtMs < heardMs &&
      this.#listensAnewAtMs < heardMs &&
      [...view.nodes.values()].filter(({ lostAtMs }) => lostAtMs > 0).length <= this.promises.massLossCount - 1;
    if (!clear || lateMs <= slackMs) return;
    const last = `${at(heardMs)} the last time, and ${leader} led since ${at(this.#electedAtMs.get(entry.epoch) ?? 0)}`;
    this.violated(entry.atMs, `node ${id} was taken for lost ${Math.round(lateMs)} ms late: it was heard ${last}`);
  }
}
