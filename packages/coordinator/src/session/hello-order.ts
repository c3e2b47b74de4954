/**
 * Which Hello may be taken. A Hello says what runs, and so also what does not: whoever took one that was said before what he
 * knows already would give up tasks that run. Hellos can be overtaken in two ways:
 *
 *  - Another leader knew more, and it is in the log. Whatever he took was said before the agent met this leadership, so a
 *    Hello counts that was said after: it names our epoch.
 *  - Agents can be reached by more than one way, and what comes by one keeps no order with what comes by another. What came
 *    last by the same way is older than the Hello; after anything else, only a Hello will do that answers an inquiry made
 *    since.
 *
 * Reports need none of this: they say what is, and only ever lead on.
 */

interface Order {
  /** The way by which all came that was taken since the last Hello; null: there were several. */
  through: string | null;
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
    const inquiry = { number: this.#lastInquiry, through };
    const order = this.#byNode.get(nodeId);
    if (order === undefined) this.#byNode.set(nodeId, { through, inquiry });
    else order.inquiry = inquiry;
    return inquiry.number;
  }

  /** A report that came by that way is taken. */
  took(nodeId: string, through: string): void {
    const order = this.#byNode.get(nodeId);
    if (order === undefined) this.#byNode.set(nodeId, { through, inquiry: null });
    else {
      if (order.through !== through) order.through = null;
      if (order.inquiry?.through !== through) order.inquiry = null;
    }
  }

  /** True when this Hello may be taken, and then it is. @param answers 0: no inquiry */
  takes(nodeId: string, through: string, said: { readonly highestEpoch: number; readonly answers: number }): boolean {
    if (said.highestEpoch !== this.#epoch) return false;
    const order = this.#byNode.get(nodeId);
    const { inquiry = null } = order ?? {};
    const answered = inquiry !== null && inquiry.through === through && inquiry.number === said.answers;
    if (order !== undefined && order.through !== through && !answered) return false;
    this.#byNode.set(nodeId, { through, inquiry: answered ? null : inquiry });
    return true;
  }
}
