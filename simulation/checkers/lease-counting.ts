/**
 * Leases count from the beat: whatever a lease's grant spent on its way comes off the lease. An agent lets an exclusive attempt
 * run until leaseMs after it *sent* the beat that the grant answers, never later.
 *
 * The ends are on the agent's own clock, which this checker cannot read. But an end less its leaseMs is when the beat was
 * sent, by that clock; compared with the true time of that sending it must always give the same difference, but for the
 * clock's rate.
 */
import type { HistoryEvent } from "../history.ts";
import { Assumptions } from "./assumptions.ts";
import { at, Checker } from "./checker.ts";
import { entryOf } from "./entry-of.ts";

interface Agent {
  /** True times at which beats were sent, by number. */
  readonly beats: Map<number, number>;
  /** The smallest difference of both clocks so far, and when it was seen. */
  least: { readonly differenceMs: number; readonly atMs: number } | null;
}

const toleranceMs = 10;

export class LeaseCounting extends Checker {
  readonly name = "leases count from the sending of the beat";
  readonly #assumptions = new Assumptions();
  readonly #agents = new Map<string, Agent>();

  override observe(event: HistoryEvent): void {
    this.#assumptions.observe(event);
    if (event.kind !== "agentDecided") return;
    const agent = entryOf(this.#agents, event.instanceId, (): Agent => ({ beats: new Map(), least: null }));
    for (const effect of event.effects) {
      if (effect.kind === "send" && effect.message.kind === "beat")
        agent.beats.set(effect.message.sequence, event.atMs);
      else if (effect.kind === "launch" && effect.leaseUntilMs !== null) {
        this.#check(event, agent, effect.order.answersBeat, effect.leaseUntilMs - effect.order.leaseMs);
      } else if (effect.kind === "extendLease" && event.event.kind === "leaseGrant") {
        this.#check(event, agent, event.event.answersBeat, effect.untilMs - event.event.leaseMs);
      }
    }
  }

  /** @param countedFromMs by the agent's clock */
  #check(event: HistoryEvent<"agentDecided">, agent: Agent, beat: number, countedFromMs: number): void {
    const sentAtMs = agent.beats.get(beat);
    if (sentAtMs === undefined) return;
    const { atMs, nodeId } = event;
    const differenceMs = countedFromMs - sentAtMs;
    const { least } = agent;
    if (least === null || differenceMs < least.differenceMs) agent.least = { differenceMs, atMs };
    if (least === null || !this.#assumptions.held(nodeId, 0, atMs)) return;
    const allowedMs = toleranceMs + 2 * this.promises.clockRateError * (atMs - least.atMs);
    const lateMs = differenceMs - least.differenceMs;
    if (lateMs <= allowedMs) return;
    const counted = `counts a lease from ${Math.round(lateMs)} ms after it sent beat ${beat} ${at(sentAtMs)}`;
    this.violated(atMs, `${nodeId} ${counted}, which the lease answers`);
  }
}
