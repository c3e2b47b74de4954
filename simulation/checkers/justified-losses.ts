/**
 * A node is taken for lost only when it was silent: neither the leader nor any coordinator that the leader was in touch with
 * had heard it for lostAfterMs (or it had said that it leaves for good). And an attempt is lost without its node only if
 * nothing of it runs there.
 *
 * Times are taken at the moment of the decision. A peer counts as in touch when its view was fresh; what it has heard since
 * that view the leader cannot know.
 */
import type { AttemptRecord, NodeRecord, TaskRecord } from "@holdfast/coordinator/core/record.ts";
import { isEndedAttempt } from "@holdfast/coordinator/core/record.ts";
import type { HistoryEvent } from "../history.ts";
import { Assumptions } from "./assumptions.ts";
import { at, Checker } from "./checker.ts";
import type { Changed, CommittedChange } from "./committed-log.ts";
import { Hearing } from "./hearing.ts";

/** Clocks may be fast by so much, and a beat takes a moment from the socket to the core. */
const rateTolerance = 0.01;
const toleranceMs = 20;
/** How long a view may wait for a leader that is stopped for too short a time to notice. */
const viewUnderWayMs = 1_000;

export class JustifiedLosses extends Checker {
  readonly name = "a node is lost only after lostAfterMs of silence";
  readonly #hearing = new Hearing();
  readonly #assumptions = new Assumptions();
  readonly #running = new Map<string, number>();
  /** By epoch: its first batch, decided at its election. */
  readonly #electedAtMs = new Map<number, number>();

  override observe(event: HistoryEvent): void {
    this.#hearing.observe(event);
    this.#assumptions.observe(event);
    if (event.kind === "processStarted") {
      this.#running.set(`${event.nodeId} ${event.taskId}.${event.attempt}`, event.atMs);
    } else if (event.kind === "groupEmpty") {
      this.#running.delete(`${event.nodeId} ${event.taskId}.${event.attempt}`);
    }
  }

  override committed(change: CommittedChange): void {
    const { entry } = change;
    if (!this.#electedAtMs.has(entry.epoch)) this.#electedAtMs.set(entry.epoch, this.#hearing.decidedAtMs(entry));
    for (const node of change.nodes) this.#checkNode(change, node);
    for (const task of change.tasks) this.#checkAttempts(change, task);
  }

  #checkNode({ entry }: CommittedChange, { id, before, after }: Changed<NodeRecord>): void {
    if (after === null || after.lostAtMs === 0 || before === undefined || before.lostAtMs > 0) return;
    const leader = entry.coordinatorId;
    const decidedAtMs = this.#hearing.decidedAtMs(entry);
    const farewell = this.#hearing.farewellOf(id);
    if (farewell?.returning === false && decidedAtMs - farewell.atMs < farewellLastsMs) return;
    const neededMs = this.promises.lostAfterMs * (1 - rateTolerance) - toleranceMs;
    if (!this.#assumptions.held(leader, decidedAtMs - neededMs, decidedAtMs)) return;
    const lost = `node ${id} was taken for lost by ${leader} ${at(decidedAtMs)}`;
    const heardMs = this.#hearing.lastHeardBy(leader, id, decidedAtMs);
    // A node that it has not heard itself gets its full time from the election.
    const ownMs = decidedAtMs - Math.max(heardMs, heardMs > 0 ? heardMs : (this.#electedAtMs.get(entry.epoch) ?? 0));
    const which = heardMs > 0 ? "which had heard it" : "which had never heard it, and was elected";
    if (ownMs < neededMs) this.violated(entry.atMs, `${lost}, ${which} ${Math.round(ownMs)} ms before`);
    for (const [peerId, view] of this.#hearing.viewsOf(
      leader,
      decidedAtMs,
      this.promises.peerViewMaxAgeMs - toleranceMs,
    )) {
      const lastMs = this.#hearing.lastHeardBy(peerId, id, decidedAtMs);
      // Heard after its view, or while that was on its way: the leader could not know.
      const wasOnItsWay = view.silent.has(id) && decidedAtMs - lastMs < viewUnderWayMs;
      if (lastMs > view.atMs || wasOnItsWay || decidedAtMs - lastMs >= neededMs) continue;
      this.violated(entry.atMs, `${lost}, but ${peerId}, in touch with it, had heard it ${at(lastMs)}`);
    }
  }

  #checkAttempts({ entry, view }: CommittedChange, { id, before, after }: Changed<TaskRecord>): void {
    for (const attempt of after?.attempts ?? []) {
      const earlier = before?.attempts.find(({ number }) => number === attempt.number);
      if (attempt.state !== "lost" || earlier === undefined || isEndedAttempt(earlier.state)) continue;
      const node = view.nodes.get(attempt.nodeId);
      if (after?.exclusive || node === undefined || node.lostAtMs > 0) continue;
      // Merged from another history, in which its node was lost.
      const { reason, endedAtMs } = attempt;
      const isKnown = ({ number, state, ...one }: AttemptRecord) =>
        number === attempt.number && state === "lost" && one.reason === reason && one.endedAtMs === endedAtMs;
      if (
        this.log
          .valuesOfTask(id)
          .slice(0, -1)
          .some((value) => value?.attempts.some(isKnown))
      )
        continue;
      const sinceMs = this.#running.get(`${attempt.nodeId} ${id}.${attempt.number}`);
      if (sinceMs === undefined) continue;
      const which = `attempt ${attempt.number} of ${id} on ${attempt.nodeId}`;
      const why = `"${attempt.reason}"`;
      this.violated(entry.atMs, `${which} was lost ${at(entry.atMs)} (${why}), but runs since ${at(sinceMs).slice(3)}`);
    }
  }
}

const farewellLastsMs = 10_000;
