/**
 * What may be taken of an agent's word, since what it says can be overtaken. A Hello says what runs, and so also what does
 * not: whoever took one that was said before what he knows already would give up tasks that run. A report of what runs, taken
 * after the agent's word that it is lost, would bring it back to life. Words are overtaken in two ways:
 *
 *  - Another leader knew more, and it is in the log. Whatever he took was said before the agent met this leadership, so a
 *    Hello counts that was said after: it names our epoch. Reports of what runs count from that Hello on.
 *  - Agents can be reached by more than one way, and what comes by one keeps no order with what comes by another. What comes
 *    by the way of the last Hello follows on it. By another way only a Hello will do, and only one that answers an inquiry
 *    made since the last word was taken.
 *
 * Ends are final, and taken however they come.
 */
import type { AttemptNews } from "../core/event.ts";
import { isEndedAttempt } from "../core/record.ts";

interface Order {
  /** The way by which the last Hello came; null: none has in this leadership. */
  through: string | null;
  /** Something was taken by another way since: nothing follows on anything, until an inquiry is answered. */
  disturbed: boolean;
  inquiry: { readonly number: number; readonly through: string } | null;
}

export class HelloOrder {
  #epoch = 0;
  #lastInquiry = 0;
  readonly #byNode = new Map<string, Order>();

  /** Begins anew with each leadership: Hellos name it. @returns true when this one is new */
  lead(epoch: number): boolean {
    if (epoch === this.#epoch) return false;
    this.#epoch = epoch;
    this.#byNode.clear();
    return true;
  }

  /** @returns the number of a new inquiry, to be sent by that way; it replaces the one before */
  inquire(nodeId: string, through: string): number {
    this.#lastInquiry += 1;
    this.#orderOf(nodeId).inquiry = { number: this.#lastInquiry, through };
    return this.#lastInquiry;
  }

  /** An inquiry was made by that way, and its answer will do. */
  awaits(nodeId: string, through: string): boolean {
    return this.#byNode.get(nodeId)?.inquiry?.through === through;
  }

  /** Those of the reports that may be taken, and then they are. */
  admit(nodeId: string, through: string, reports: readonly AttemptNews[]): readonly AttemptNews[] {
    const order = this.#byNode.get(nodeId);
    const follows = order !== undefined && !order.disturbed && order.through === through;
    const admitted = follows ? reports : reports.filter(({ state }) => isEndedAttempt(state));
    // The end of what was lost is the only one that a later word could undo.
    if (admitted.some(({ state }) => state === "lost" || !isEndedAttempt(state))) this.#took(nodeId, through);
    return admitted;
  }

  /** True when this Hello may be taken, and then it is. @param answers 0: no inquiry */
  takes(nodeId: string, through: string, said: { readonly highestEpoch: number; readonly answers: number }): boolean {
    if (said.highestEpoch !== this.#epoch) return false;
    const order = this.#orderOf(nodeId);
    const { inquiry } = order;
    const answered = inquiry !== null && inquiry.through === through && inquiry.number === said.answers;
    const follows = !order.disturbed && (order.through === null || order.through === through);
    if (!answered && !follows) return false;
    order.through = through;
    order.disturbed = false;
    if (answered) order.inquiry = null;
    return true;
  }

  #took(nodeId: string, through: string): void {
    const order = this.#orderOf(nodeId);
    if (order.through !== through) order.disturbed = true;
    if (order.inquiry?.through !== through) order.inquiry = null;
  }

  #orderOf(nodeId: string): Order {
    let order = this.#byNode.get(nodeId);
    if (order === undefined) {
      order = { through: null, disturbed: false, inquiry: null };
      this.#byNode.set(nodeId, order);
    }
    return order;
  }
}
