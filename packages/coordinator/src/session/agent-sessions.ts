/**
 * The sessions of all agents with this coordinator: what they say goes to the core, and what the core orders goes to them.
 *
 * Every coordinator holds one with every agent, leader or not. What is heard is noted at once; what asks for a decision is
 * posted only while this coordinator leads, since an agent says it again (Hello) to whoever begins to lead.
 */
import type { Clock } from "@holdfast/shared/clock.ts";
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { NodeMetrics__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { Order } from "@holdfast/shared/contract/generated/holdfast/v1/Order.ts";
import { HoldfastError, invalidField } from "@holdfast/shared/errors.ts";
import type { CoordinatorEffect } from "../core/effect.ts";
import type { CoordinatorEvent, Heard, NodeHello } from "../core/event.ts";
import type { Log } from "../ports.ts";
import type { AcceptedStream } from "../stream/stream.ts";
import { Outbox } from "./outbox.ts";
import { type OutputPieces, OutputRequests, type OutputWish } from "./output-requests.ts";
import {
  type BeatAddress,
  epochFrom,
  helloFrom,
  leaseGrant,
  loadFrom,
  newsFrom,
  startOrder,
  stopOrder,
} from "./translate.ts";

export type AgentStream = AcceptedStream<AgentMessage__Output, CoordinatorMessage>;

const protocolRevision = 1;
/** So many orders at most in one message, which keeps it far below the limit for a message. */
const maxOrdersBytes = 256 * 1024;

export interface AgentSessionsParts {
  readonly coordinatorId: string;
  readonly beatIntervalMs: number;
  readonly metricsIntervalMs: number;
  /** How long after the beat that it answers a start may be obeyed, by node class. */
  readonly startValidMs: (nodeClass: string) => number;
  /** 0: not leading. */
  readonly leadingEpoch: () => number;
  readonly hear: (heard: Heard) => void;
  /** Only called while leading. */
  readonly post: (event: CoordinatorEvent) => void;
  readonly metEpoch: (epoch: number) => void;
  readonly clock: Pick<Clock, "now">;
  readonly seed: () => number;
  readonly log: Pick<Log, "warn" | "error">;
}

interface Session {
  readonly hello: NodeHello;
  readonly stream: AgentStream;
  readonly outbox: Outbox<CoordinatorMessage>;
  readonly outputs: OutputRequests;
  lastBeat: number;
  /** On the steady clock. */
  heardAtMs: number;
  metrics: NodeMetrics__Output | null;
}

export class AgentSessions {
  readonly #parts: AgentSessionsParts;
  readonly #byNode = new Map<string, Session>();

  constructor(parts: AgentSessionsParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#byNode.size;
  }

  /** The handler of AgentService.Session. */
  accept(stream: AgentStream): void {
    let session: Session | null = null;
    stream.listen({
      received: (message) => {
        try {
          if (session === null || message.content === "hello") session = this.#greet(stream, message, session);
          else this.#take(session, message);
        } catch (error) {
          this.#refuse(stream, error);
        }
      },
      drained: () => session?.outbox.drained(),
      ended: () => {
        if (session !== null) this.#left(session);
        session = null;
      },
    });
  }

  metricsOf(nodeId: string): NodeMetrics__Output | null {
    return this.#byNode.get(nodeId)?.metrics ?? null;
  }

  /** Sends what the core ordered, one message for each node. Orders for nodes without a session are sent on their Hello. */
  release(effects: readonly CoordinatorEffect[], epoch: number): void {
    const orders = new Map<Session, Order[]>();
    const acknowledged = new Map<Session, { taskId: string; attempt: number }[]>();
    for (const effect of effects) {
      if (effect.kind === "announce") this.#announce(epoch);
      if (!("nodeId" in effect)) continue;
      const session = this.#byNode.get(effect.nodeId);
      if (session === undefined) continue;
      if (effect.kind === "inquire") session.outbox.send({ leading: { epoch } });
      else if (effect.kind === "grant")
        session.outbox.send({ leaseGrant: leaseGrant(effect, epoch, addressOf(session)) });
      else if (effect.kind === "acknowledge") {
        append(acknowledged, session, { taskId: effect.taskId, attempt: effect.attempt });
      } else append(orders, session, this.#orderOf(session, effect));
    }
    for (const [session, attempts] of acknowledged) session.outbox.send({ acknowledgements: { epoch, attempts } });
    for (const [session, list] of orders) sendOrders(session, epoch, list);
  }

  /** Output of an attempt from its node; null when that has no session here. */
  output(nodeId: string, wish: OutputWish, signal: AbortSignal): OutputPieces | null {
    return this.#byNode.get(nodeId)?.outputs.ask(wish, signal) ?? null;
  }

  /** Ends every session; agents connect again elsewhere. */
  close(): void {
    for (const session of this.#byNode.values()) session.stream.close();
  }

  #greet(stream: AgentStream, message: AgentMessage__Output, known: Session | null): Session {
    if (message.hello === undefined) throw invalidField("content", "the first message of a session must be a Hello");
    const hello = helloFrom(message.hello);
    if (known !== null && known.hello.nodeId !== hello.nodeId) {
      throw invalidField("hello.node_id", `is ${hello.nodeId}, but this session is ${known.hello.nodeId}'s`);
    }
    const session = known ?? this.#open(stream, hello);
    if (hello.highestEpoch > 0) this.#parts.metEpoch(hello.highestEpoch);
    if (known === null) {
      this.#parts.hear({ kind: "joined", nodeId: hello.nodeId, instanceId: hello.instanceId });
      const { coordinatorId, beatIntervalMs, metricsIntervalMs } = this.#parts;
      const leadingEpoch = this.#parts.leadingEpoch();
      session.outbox.send({
        welcome: { coordinatorId, leadingEpoch, protocolRevision, beatIntervalMs, metricsIntervalMs },
      });
    }
    if (this.#parts.leadingEpoch() > 0) this.#parts.post({ kind: "hello", hello, seed: this.#parts.seed() });
    return session;
  }

  #open(stream: AgentStream, hello: NodeHello): Session {
    const outbox = new Outbox<CoordinatorMessage>(stream, () => {
      this.#refuse(
        stream,
        new HoldfastError("resourceExhausted", `node ${hello.nodeId} does not read what it is sent`),
      );
    });
    const outputs = new OutputRequests((message) => outbox.send(message));
    const heardAtMs = this.#parts.clock.now().steadyMs;
    const session: Session = { hello, stream, outbox, outputs, lastBeat: 0, heardAtMs, metrics: null };
    const older = this.#byNode.get(hello.nodeId);
    if (older !== undefined) this.#replace(older, hello);
    this.#byNode.set(hello.nodeId, session);
    return session;
  }

  /**
   * The same process may dial again, and another may follow a silent one. Two that live at once are two machines with one
   * name: taking turns, each would have the other's attempts declared lost.
   */
  #replace(older: Session, hello: NodeHello): void {
    const silentMs = this.#parts.clock.now().steadyMs - older.heardAtMs;
    const sameProcess = older.hello.instanceId === hello.instanceId;
    if (!sameProcess && silentMs < 2 * this.#parts.beatIntervalMs) {
      const message = `another agent process speaks for node ${hello.nodeId}; give this one a nodeId of its own`;
      this.#parts.log.warn({ nodeId: hello.nodeId }, message);
      throw new HoldfastError("failedPrecondition", message);
    }
    this.#left(older);
    older.stream.close();
  }

  #take(session: Session, message: AgentMessage__Output): void {
    const { nodeId } = session.hello;
    if (this.#byNode.get(nodeId) !== session) return;
    session.heardAtMs = this.#parts.clock.now().steadyMs;
    switch (message.content) {
      case "beat": {
        const sequence = message.beat?.sequence ?? 0;
        session.lastBeat = sequence;
        return this.#parts.hear({ kind: "beat", nodeId, sequence });
      }
      case "metrics":
        session.metrics = message.metrics ?? null;
        if (session.metrics === null) return;
        this.#parts.hear({ kind: "load", nodeId, load: loadFrom(session.metrics) });
        return session.outbox.send({ echo: { measuredAtMs: session.metrics.measuredAtMs ?? 0 } });
      case "reports": {
        if (this.#parts.leadingEpoch() === 0) return;
        const reports = (message.reports?.reports ?? []).map(newsFrom);
        return this.#parts.post({ kind: "reports", nodeId, reports, seed: this.#parts.seed() });
      }
      case "farewell": {
        if (this.#parts.leadingEpoch() === 0) return;
        const { returning = false, reason = "" } = message.farewell ?? {};
        return this.#parts.post({ kind: "farewell", nodeId, returning, reason: reason.slice(0, 1_024) });
      }
      case "output":
        return session.outputs.receive(message.output ?? {});
      case "epochRefused":
        return this.#parts.metEpoch(epochFrom("epoch_refused.highest_epoch", message.epochRefused?.highestEpoch));
      default:
        // A newer agent may say what this version does not know.
        return;
    }
  }

  #left(session: Session): void {
    const { nodeId, instanceId } = session.hello;
    session.outbox.close();
    session.outputs.close();
    if (this.#byNode.get(nodeId) !== session) return;
    this.#byNode.delete(nodeId);
    this.#parts.hear({ kind: "left", nodeId, instanceId });
  }

  #announce(epoch: number): void {
    for (const session of this.#byNode.values()) session.outbox.send({ leading: { epoch } });
  }

  #orderOf(session: Session, effect: Extract<CoordinatorEffect, { kind: "start" | "stop" }>): Order {
    if (effect.kind === "stop") return stopOrder(effect);
    const validForMs = this.#parts.startValidMs(session.hello.nodeClass);
    return startOrder(effect, { ...addressOf(session), validForMs });
  }

  #refuse(stream: AgentStream, error: unknown): void {
    if (error instanceof HoldfastError) return stream.refuse(error);
    this.#parts.log.error({ err: error }, "a session failed");
    stream.refuse(new HoldfastError("internal", "the session failed"));
  }
}

/** The beat that whatever leaves now answers. */
function addressOf({ hello, lastBeat }: Session): BeatAddress {
  return { answersBeat: lastBeat, instanceId: hello.instanceId };
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function sendOrders(session: Session, epoch: number, orders: readonly Order[]): void {
  let piece: Order[] = [];
  let bytes = 0;
  for (const order of orders) {
    const size = roughBytes(order);
    if (piece.length > 0 && bytes + size > maxOrdersBytes) {
      session.outbox.send({ orders: { epoch, orders: piece } });
      piece = [];
      bytes = 0;
    }
    piece.push(order);
    bytes += size;
  }
  if (piece.length > 0) session.outbox.send({ orders: { epoch, orders: piece } });
}

/** Scripts, standard input, arguments and environment are what can be large. */
function roughBytes({ start }: Order): number {
  if (start?.spec === undefined || start.spec === null) return 200;
  const { script, standardInput, argv, environment } = start.spec;
  let bytes = 400 + (script?.length ?? 0) + (standardInput?.length ?? 0);
  for (const argument of argv ?? []) bytes += 4 * argument.length;
  for (const [name, value] of Object.entries(environment ?? {})) bytes += 4 * (name.length + value.length);
  return bytes;
}
