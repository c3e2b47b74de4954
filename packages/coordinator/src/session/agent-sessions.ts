/**
 * The sessions of all agents with this coordinator: what they say goes to the core, and what the core orders goes to them.
 *
 * Every coordinator holds one with every agent, leader or not. What is heard is noted at once; what asks for a decision is
 * posted only while this coordinator leads, and passed on to the leader otherwise, if that does not hear the agent itself. An
 * agent says everything again (Hello) to whoever begins to lead.
 */
import type { Clock } from "@holdfast/shared/clock.ts";
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { FromAgent__Output } from "@holdfast/shared/contract/generated/holdfast/v1/FromAgent.ts";
import type { Hello__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { NodeCheck } from "@holdfast/shared/contract/generated/holdfast/v1/NodeCheck.ts";
import type { NodeMetrics__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { ToAgent__Output } from "@holdfast/shared/contract/generated/holdfast/v1/ToAgent.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import type { CoordinatorEffect } from "../core/effect.ts";
import type { CoordinatorEvent, Heard } from "../core/event.ts";
import type { Log } from "../ports.ts";
import type { AcceptedStream } from "../stream/stream.ts";
import type { AgentRoute } from "./agent-route.ts";
import { AgentSession } from "./agent-session.ts";
import { deliver, roughBytes } from "./deliver.ts";
import { HelloOrder } from "./hello-order.ts";
import type { OutputPieces, OutputWish } from "./output-requests.ts";
import { isForAgent, type PassingOnParts, passOn } from "./passing-on.ts";
import { RelayedAgents, type RelayedAgentsParts } from "./relayed-agents.ts";
import { samplesFrom } from "./samples.ts";
import { checksFrom, epochFrom, farewellFrom, helloFrom, loadFrom, newsFrom } from "./translate.ts";

export type AgentStream = AcceptedStream<AgentMessage__Output, CoordinatorMessage>;

const protocolRevision = 1;
/** An agent that reports to another coordinator, though we hear it, is told so once in so long. */
const callBackAgainMs = 5_000;

export interface AgentSessionsParts {
  readonly coordinatorId: string;
  readonly beatIntervalMs: number;
  readonly metricsIntervalMs: number;
  /** A node without a beat for so long is taken for silent. */
  readonly suspectAfterMs: (nodeId: string) => number;
  /** How long after the beat that it answers a start may be obeyed on this node. */
  readonly startValidMs: (nodeId: string) => number;
  /** 0: not leading. */
  readonly leadingEpoch: () => number;
  readonly hear: (heard: Heard) => void;
  /** Only called while leading. */
  readonly post: (event: CoordinatorEvent) => void;
  readonly metEpoch: (epoch: number) => void;
  /** To the leader, for agents that it does not hear; used while not leading. */
  readonly passingOn: PassingOnParts;
  /** To agents that only that coordinator hears; used while leading. */
  readonly sendThrough: RelayedAgentsParts["sendTo"];
  readonly clock: Pick<Clock, "now">;
  readonly seed: () => number;
  readonly log: Pick<Log, "warn" | "error">;
}

export class AgentSessions {
  readonly #parts: AgentSessionsParts;
  readonly #byNode = new Map<string, AgentSession>();
  readonly #helloOrder = new HelloOrder();
  readonly #relayed: RelayedAgents;

  constructor(parts: AgentSessionsParts) {
    this.#parts = parts;
    this.#relayed = new RelayedAgents({
      ...parts,
      order: this.#helloOrder,
      hearsItself: (nodeId) => this.#hears(nodeId),
      inquire: (route) => this.#inquire(route),
      misled: (nodeId) => this.#callBack(nodeId),
      sendTo: parts.sendThrough,
    });
  }

  get size(): number {
    return this.#byNode.size;
  }

  /** The handler of AgentService.Session. */
  accept(stream: AgentStream): void {
    let session: AgentSession | null = null;
    stream.listen({
      received: (message) => {
        try {
          session ??= this.#open(stream, message);
          this.#take(session, message);
        } catch (error) {
          this.#refuse(stream, error);
        }
      },
      drained: () => session?.drained(),
      ended: () => {
        if (session !== null) this.#left(session);
        session = null;
      },
    });
  }

  metricsOf(nodeId: string): NodeMetrics__Output | null {
    return this.#byNode.get(nodeId)?.metrics ?? null;
  }

  /** Of the agent's present session; empty: none told yet. */
  checksOf(nodeId: string): readonly NodeCheck[] {
    return this.#byNode.get(nodeId)?.checks ?? [];
  }

  /** Sends what the core ordered. What finds no way to its agent is sent on the agent's next Hello. */
  release(effects: readonly CoordinatorEffect[], epoch: number): void {
    this.#lead(epoch);
    if (effects.some((effect) => effect.kind === "announce")) {
      for (const session of this.#byNode.values()) this.#inquire(session);
    }
    deliver(effects, epoch, {
      routeOf: (nodeId) => this.#relayed.routeOf(nodeId) ?? this.#byNode.get(nodeId) ?? null,
      startValidMs: this.#parts.startValidMs,
      inquire: (route) => this.#inquire(route),
    });
  }

  /** What an agent said to a coordinator that passed it on; for the leader alone. */
  takeRelayed(through: string, message: FromAgent__Output): void {
    const epoch = this.#parts.leadingEpoch();
    if (epoch === 0) return;
    this.#lead(epoch);
    try {
      this.#relayed.take(through, message);
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      this.#parts.log.warn({ through, reason: error.message }, "what a coordinator passed on is not taken");
    }
  }

  /** From the leader to an agent that only we hear. An agent that has gone, or another process of it, gets nothing. */
  carry({ nodeId = "", instanceId, message }: ToAgent__Output): void {
    const session = this.#byNode.get(nodeId);
    if (session === undefined || session.instanceId !== instanceId) return;
    if (message === undefined || !isForAgent(message)) return;
    if (this.#parts.leadingEpoch() > 0) return;
    let bytes = 200 * (message.acknowledgements?.attempts?.length ?? message.leaseGrant?.attempts?.length ?? 1);
    for (const order of message.orders?.orders ?? []) bytes += roughBytes(order);
    session.send(message, bytes);
  }

  /** A link to or from that coordinator broke: what was on its way is lost. */
  lostCoordinator(coordinatorId: string): void {
    this.#relayed.dropThrough(coordinatorId);
  }

  /** Output of an attempt from its node; null when that has no session here, or only another coordinator hears it. */
  output(nodeId: string, wish: OutputWish, signal: AbortSignal): OutputPieces | null {
    if (this.#parts.leadingEpoch() > 0 && this.#relayed.routeOf(nodeId) !== null) return null;
    return this.#byNode.get(nodeId)?.outputs.ask(wish, signal) ?? null;
  }

  /** Ends every session; agents connect again elsewhere. */
  close(): void {
    for (const session of this.#byNode.values()) session.stream.close();
  }

  /** Only while leading. */
  #lead(epoch: number): void {
    if (this.#helloOrder.lead(epoch)) this.#relayed.clear();
  }

  #open(stream: AgentStream, message: AgentMessage__Output): AgentSession {
    if (message.hello === undefined) throw invalidField("content", "the first message of a session must be a Hello");
    const { nodeId, instanceId, inventory } = helloFrom(message.hello);
    const nowMs = this.#parts.clock.now().steadyMs;
    const older = this.#byNode.get(nodeId);
    if (older !== undefined) this.#replace(older, instanceId, nowMs);
    const session = new AgentSession({ nodeId, instanceId, inventory, stream, nowMs });
    this.#byNode.set(nodeId, session);
    const { coordinatorId, beatIntervalMs, metricsIntervalMs } = this.#parts;
    const leadingEpoch = this.#parts.leadingEpoch();
    session.send({ welcome: { coordinatorId, leadingEpoch, protocolRevision, beatIntervalMs, metricsIntervalMs } });
    return session;
  }

  /**
   * The same process may dial again, and another may follow a silent one. Two that live at once are two machines with one
   * name: taking turns, each would have the other's attempts declared lost.
   */
  #replace(older: AgentSession, instanceId: string, nowMs: number): void {
    const sameProcess = older.instanceId === instanceId;
    if (!sameProcess && nowMs - older.heardAtMs < 2 * this.#parts.beatIntervalMs) {
      const message = `another agent process speaks for node ${older.nodeId}; give this one a nodeId of its own`;
      this.#parts.log.warn({ nodeId: older.nodeId }, message);
      throw new HoldfastError("failedPrecondition", message);
    }
    this.#left(older);
    older.stream.close();
  }

  #take(session: AgentSession, message: AgentMessage__Output): void {
    const { nodeId } = session;
    if (this.#byNode.get(nodeId) !== session) return;
    const nowMs = this.#parts.clock.now().steadyMs;
    session.admit(message, nowMs);
    session.heardAtMs = nowMs;
    const epoch = this.#parts.leadingEpoch();
    if (epoch > 0) this.#lead(epoch);
    switch (message.content) {
      case "hello":
        this.#hearHello(session, message.hello?.lastBeat ?? 0);
        break;
      case "beat":
        session.lastBeat = message.beat?.sequence ?? 0;
        this.#parts.hear({ kind: "beat", nodeId, sequence: session.lastBeat });
        break;
      case "metrics":
        return this.#takeMetrics(session, message.metrics);
      case "checks":
        session.checks = checksFrom(message.checks ?? {});
        return;
      case "output":
        return session.outputs.receive(message.output ?? {});
      case "epochRefused":
        this.#parts.metEpoch(epochFrom("epoch_refused.highest_epoch", message.epochRefused?.highestEpoch));
        break;
      default:
        break;
    }
    if (epoch > 0) this.#decideOn(session, message);
    else this.#passOn(session, message, nowMs);
  }

  #hearHello(session: AgentSession, lastBeat: number): void {
    const { nodeId, instanceId } = session;
    // What it causes must not answer a beat that is long past: nothing else may have come for a while.
    session.lastBeat = Math.max(session.lastBeat, lastBeat);
    if (session.joined) {
      // A sign of life as good as a beat: a lost node that it brings back must not be lost again before the next one.
      return this.#parts.hear({ kind: "beat", nodeId, sequence: session.lastBeat });
    }
    session.joined = true;
    this.#parts.hear({ kind: "joined", nodeId, instanceId });
  }

  #takeMetrics(session: AgentSession, metrics: NodeMetrics__Output | undefined): void {
    if (metrics === undefined) return;
    session.metrics = metrics;
    const { nodeId, inventory } = session;
    this.#parts.hear({ kind: "load", nodeId, load: loadFrom(metrics), samples: samplesFrom(metrics, inventory) });
    session.send({ echo: { measuredAtMs: metrics.measuredAtMs ?? 0 } });
  }

  /** Only while leading. */
  #decideOn(session: AgentSession, message: AgentMessage__Output): void {
    const { nodeId } = session;
    // Heard directly again: from here on its own stream is the way, and what was ordered by the other may not have arrived.
    if (this.#relayed.drop(nodeId) && message.content !== "hello") this.#inquire(session);
    switch (message.content) {
      case "hello":
        return this.#takeHello(session, message.hello ?? {});
      case "reports": {
        const said = (message.reports?.reports ?? []).map(newsFrom);
        const reports = this.#helloOrder.admit(nodeId, session.through, said);
        session.reportedAtMs = session.heardAtMs;
        if (reports.length > 0) this.#parts.post({ kind: "reports", nodeId, reports, seed: this.#parts.seed() });
        const isOwed = reports.length < said.length && !this.#helloOrder.awaits(nodeId, session.through);
        return isOwed ? this.#inquire(session) : undefined;
      }
      case "farewell":
        return this.#parts.post({ kind: "farewell", nodeId, ...farewellFrom(message.farewell ?? {}) });
      default:
        // A newer agent may say what this version does not know.
        return;
    }
  }

  #takeHello(session: AgentSession, message: Hello__Output): void {
    const hello = this.#checkHello(session, message);
    const { highestEpoch } = hello;
    const answers = message.answersInquiry ?? 0;
    if (this.#helloOrder.takes(hello.nodeId, session.through, { highestEpoch, answers })) {
      return this.#parts.post({ kind: "hello", hello, seed: this.#parts.seed() });
    }
    // A higher epoch than ours has ended this leadership; to all others it is made known.
    if (highestEpoch <= this.#parts.leadingEpoch()) this.#inquire(session);
  }

  #passOn(session: AgentSession, message: AgentMessage__Output, nowMs: number): void {
    if (message.content === "hello") this.#checkHello(session, message.hello ?? {});
    const { nodeId, instanceId } = session;
    passOn(this.#parts.passingOn, { nodeId, instanceId, sessionAgeMs: nowMs - session.openedAtMs }, message);
  }

  #checkHello({ nodeId }: AgentSession, message: Hello__Output): ReturnType<typeof helloFrom> {
    const hello = helloFrom(message);
    if (hello.nodeId !== nodeId) {
      throw invalidField("hello.node_id", `is ${hello.nodeId}, but this session is ${nodeId}'s`);
    }
    if (hello.highestEpoch > 0) this.#parts.metEpoch(hello.highestEpoch);
    return hello;
  }

  #left(session: AgentSession): void {
    const { nodeId, instanceId } = session;
    session.close();
    if (this.#byNode.get(nodeId) !== session) return;
    this.#byNode.delete(nodeId);
    this.#parts.hear({ kind: "left", nodeId, instanceId });
  }

  /** Its own stream brings beats. */
  #hears(nodeId: string): boolean {
    const session = this.#byNode.get(nodeId);
    if (session === undefined) return false;
    return this.#parts.clock.now().steadyMs - session.heardAtMs < this.#parts.suspectAfterMs(nodeId);
  }

  /** The agent is to know that we lead, and by which stream we speak; it answers with all that it runs. */
  #inquire(route: AgentRoute): void {
    const epoch = this.#parts.leadingEpoch();
    if (epoch === 0) return;
    route.send({ leading: { epoch, inquiry: this.#helloOrder.inquire(route.nodeId, route.through) } });
  }

  #callBack(nodeId: string): void {
    const session = this.#byNode.get(nodeId);
    const nowMs = this.#parts.clock.now().steadyMs;
    if (session === undefined || nowMs - session.calledBackMs < callBackAgainMs) return;
    // What is not acknowledged in time goes to everybody.
    if (nowMs - session.reportedAtMs < callBackAgainMs) return;
    session.calledBackMs = nowMs;
    this.#inquire(session);
  }

  #refuse(stream: AgentStream, error: unknown): void {
    if (error instanceof HoldfastError) return stream.refuse(error);
    this.#parts.log.error({ err: error }, "a session failed");
    stream.refuse(new HoldfastError("internal", "the session failed"));
  }
}
