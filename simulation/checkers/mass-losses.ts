/**
 * No mass reassignment without a witness, and none while frozen. When more than max(massLossCount, massLossFraction) of the
 * nodes fall silent within a minute, each further one is lost only if another coordinator, by a fresh view, has not heard it
 * either, or an operator has told the cluster to go on.
 */
import type { NodeRecord } from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "../history.ts";
import { at, Checker } from "./checker.ts";
import type { Changed, CommittedChange } from "./committed-log.ts";
import { Hearing } from "./hearing.ts";

const windowMs = 60_000;
/** An operator's word stands for 10 s of the leader's time, and travels a moment. */
const operatorsWordMs = 20_000;
const toleranceMs = 50;

export class MassLosses extends Checker {
  readonly name = "no mass reassignment without a witness, or while frozen";
  readonly #hearing = new Hearing();
  /** By epoch: when the leader took which nodes for lost that have not come back. */
  readonly #losses = new Map<number, Map<string, number>>();
  readonly #frozen = new Set<number>();

  override observe(event: HistoryEvent): void {
    this.#hearing.observe(event);
  }

  override committed(change: CommittedChange): void {
    const { entry, events, nodes } = change;
    for (const node of nodes) this.#check(change, node);
    for (const { kind, epoch } of events) {
      if (kind === "cluster.frozen") this.#frozen.add(epoch);
      if (kind === "cluster.thawed") this.#frozen.delete(entry.epoch);
    }
  }

  #check({ entry, view, events }: CommittedChange, { id, before, after }: Changed<NodeRecord>): void {
    const losses = this.#losses.get(entry.epoch) ?? new Map<string, number>();
    this.#losses.set(entry.epoch, losses);
    if (after === null || after.lostAtMs === 0) {
      losses.delete(id);
      return;
    }
    if (before === undefined || before.lostAtMs > 0) return;
    const decidedAtMs = this.#hearing.decidedAtMs(entry);
    const farewell = this.#hearing.farewellOf(id);
    if (farewell?.returning === false && decidedAtMs - farewell.atMs < operatorsWordMs) return;
    for (const [nodeId, lostMs] of losses) if (decidedAtMs - lostMs > windowMs) losses.delete(nodeId);
    losses.set(id, decidedAtMs);
    const { massLossCount, massLossFraction } = this.promises;
    const allowed = Math.max(massLossCount, massLossFraction * view.nodes.size);
    const frozen = this.#frozen.has(entry.epoch) && !events.some(({ kind }) => kind === "cluster.thawed");
    if (losses.size <= allowed && !frozen) return;
    if (decidedAtMs - this.#hearing.placementResumedAtMs < operatorsWordMs) return;
    if (this.#isWitnessed(entry.coordinatorId, id, decidedAtMs)) return;
    const lost = `node ${id} was taken for lost by ${entry.coordinatorId} ${at(decidedAtMs)}`;
    const others = frozen ? "while the cluster is frozen" : `the ${losses.size}th of ${view.nodes.size} in a minute`;
    this.violated(entry.atMs, `${lost}, ${others}, and no other coordinator witnessed it`);
  }

  #isWitnessed(leader: string, nodeId: string, atMs: number): boolean {
    return this.#hearing
      .viewsOf(leader, atMs, this.promises.peerViewMaxAgeMs + toleranceMs)
      .some(([, { silent }]) => silent.has(nodeId));
  }
}
