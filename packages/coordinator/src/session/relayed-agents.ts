/**
 * The leader's side of relays: agents that it does not hear itself, as other coordinators pass on what they say.
 *
 * A beat that comes through a coordinator, of an agent whose own stream brings none, opens the way back through it; a beat on
 * the agent's own stream closes it. One that has fallen silent gives way to another that still brings beats. What runs on the
 * node is asked for at once, and again until it was answered: what is on its way between coordinators can be lost.
 */
import type { Clock } from "@holdfast/shared/clock.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { FromAgent__Output } from "@holdfast/shared/contract/generated/holdfast/v1/FromAgent.ts";
import type { Hello__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { ToAgent } from "@holdfast/shared/contract/generated/holdfast/v1/ToAgent.ts";
import { invalidField } from "@holdfast/shared/errors.ts";
import type { AttemptNews, CoordinatorEvent, Heard } from "../core/event.ts";
import type { AgentRoute } from "./agent-route.ts";
import type { HelloOrder } from "./hello-order.ts";
import { checkIdentity, epochFrom, farewellFrom, helloFrom, newsFrom } from "./translate.ts";

export interface RelayedAgentsParts {
  readonly order: HelloOrder;
  /** Beats come on the agent's own stream. */
  readonly hearsItself: (nodeId: string) => boolean;
  /** Without a beat for so long, a way gives way to another. */
  readonly suspectAfterMs: (nodeId: string) => number;
  readonly inquire: (route: AgentRoute) => void;
  /** The agent's word came another way than by its own stream, though that brings beats. */
  readonly misled: (nodeId: string) => void;
  /** False when there is no link to that coordinator: the message is lost. */
  readonly sendTo: (coordinatorId: string, message: ToAgent, roughBytes: number | undefined) => boolean;
  readonly hear: (heard: Heard) => void;
  readonly post: (event: CoordinatorEvent) => void;
  readonly metEpoch: (epoch: number) => void;
  readonly seed: () => number;
  readonly clock: Pick<Clock, "now">;
}

const inquireAgainMs = 2_000;
/** For a Hello that was said too early: the one that answers is probably on its way. */
const inquireAgainSoonMs = 500;

class RelayedAgent implements AgentRoute {
  readonly nodeId: string;
  readonly instanceId: string;
  readonly through: string;
  lastBeat = 0;
  heardAtMs: number;
  /** Null: answered. */
  inquiredAtMs: number | null = Number.NEGATIVE_INFINITY;
  readonly #send: (message: ToAgent, roughBytes: number | undefined) => void;

  constructor(sender: Sender, nowMs: number, send: (message: ToAgent, roughBytes: number | undefined) => void) {
    this.nodeId = sender.nodeId;
    this.instanceId = sender.instanceId;
    this.through = sender.through;
    this.heardAtMs = nowMs;
    this.#send = send;
  }

  send(message: CoordinatorMessage, roughBytes?: number): void {
    const { nodeId, instanceId } = this;
    this.#send({ nodeId, instanceId, message }, roughBytes);
  }
}

interface Sender {
  readonly nodeId: string;
  readonly instanceId: string;
  readonly through: string;
}

export class RelayedAgents {
  readonly #parts: RelayedAgentsParts;
  readonly #byNode = new Map<string, RelayedAgent>();

  constructor(parts: RelayedAgentsParts) {
    this.#parts = parts;
  }

  routeOf(nodeId: string): AgentRoute | null {
    return this.#byNode.get(nodeId) ?? null;
  }

  /** The agent is heard without help again. @returns false when it was all the time */
  drop(nodeId: string): boolean {
    return this.#byNode.delete(nodeId);
  }

  /** A link to or from that coordinator broke: what was on its way is lost. */
  dropThrough(coordinatorId: string): void {
    for (const agent of [...this.#byNode.values()]) {
      if (agent.through === coordinatorId) this.#byNode.delete(agent.nodeId);
    }
  }

  clear(): void {
    this.#byNode.clear();
  }

  /** Only while leading. @throws HoldfastError (invalidArgument) that names the field */
  take(through: string, { nodeId, instanceId, message = {} }: FromAgent__Output): void {
    const sender = {
      nodeId: checkIdentity("from_agent.node_id", nodeId),
      instanceId: checkIdentity("from_agent.instance_id", instanceId),
      through,
    };
    switch (message.content) {
      case "beat":
        return this.#takeBeat(sender, message.beat?.sequence ?? 0);
      case "hello":
        return this.#takeHello(sender, message.hello ?? {});
      case "reports":
        return this.#takeReports(sender, (message.reports?.reports ?? []).map(newsFrom));
      case "farewell":
        if (this.#current(sender) === null) return;
        return this.#parts.post({ kind: "farewell", nodeId: sender.nodeId, ...farewellFrom(message.farewell ?? {}) });
      case "epochRefused":
        return this.#parts.metEpoch(epochFrom("epoch_refused.highest_epoch", message.epochRefused?.highestEpoch));
      default:
        // A newer coordinator may pass on what this version does not know.
        return;
    }
  }

  #takeBeat(sender: Sender, sequence: number): void {
    if (this.#parts.hearsItself(sender.nodeId)) return;
    const nowMs = this.#parts.clock.now().steadyMs;
    const agent = this.#current(sender) ?? this.#open(sender, nowMs);
    if (agent === null) return;
    agent.heardAtMs = nowMs;
    agent.lastBeat = sequence;
    this.#parts.hear({ kind: "relayed", nodeId: sender.nodeId, through: sender.through });
    this.#inquireIfDue(agent, inquireAgainMs);
  }

  #takeReports(sender: Sender, said: readonly AttemptNews[]): void {
    const { nodeId, through } = sender;
    const reports = this.#parts.order.admit(nodeId, through, said);
    if (reports.length > 0) this.#parts.post({ kind: "reports", nodeId, reports, seed: this.#parts.seed() });
    if (this.#parts.hearsItself(nodeId)) return this.#parts.misled(nodeId);
    const agent = this.#current(sender);
    if (agent === null || reports.length === said.length) return;
    agent.inquiredAtMs ??= Number.NEGATIVE_INFINITY;
    this.#inquireIfDue(agent, inquireAgainSoonMs);
  }

  #takeHello(sender: Sender, message: Hello__Output): void {
    const hello = helloFrom(message);
    if (hello.nodeId !== sender.nodeId || hello.instanceId !== sender.instanceId) {
      throw invalidField("from_agent.message.hello", `is ${hello.nodeId}'s, but came as ${sender.nodeId}'s`);
    }
    if (hello.highestEpoch > 0) this.#parts.metEpoch(hello.highestEpoch);
    const agent = this.#current(sender);
    if (agent === null) return;
    agent.heardAtMs = this.#parts.clock.now().steadyMs;
    agent.lastBeat = Math.max(agent.lastBeat, message.lastBeat ?? 0);
    this.#parts.hear({ kind: "relayed", nodeId: sender.nodeId, through: sender.through });
    const answers = message.answersInquiry ?? 0;
    if (this.#parts.order.takes(hello.nodeId, sender.through, { highestEpoch: hello.highestEpoch, answers })) {
      agent.inquiredAtMs = null;
      this.#parts.post({ kind: "hello", hello, seed: this.#parts.seed() });
    } else {
      // Said before it was asked, or overtaken; its stream may be a new one, with what was sent on the old one lost.
      agent.inquiredAtMs ??= Number.NEGATIVE_INFINITY;
      this.#inquireIfDue(agent, inquireAgainSoonMs);
    }
  }

  #inquireIfDue(agent: RelayedAgent, againAfterMs: number): void {
    const nowMs = this.#parts.clock.now().steadyMs;
    if (agent.inquiredAtMs === null || nowMs - agent.inquiredAtMs < againAfterMs) return;
    agent.inquiredAtMs = nowMs;
    this.#parts.inquire(agent);
  }

  #current({ nodeId, instanceId, through }: Sender): RelayedAgent | null {
    const agent = this.#byNode.get(nodeId);
    return agent?.through === through && agent.instanceId === instanceId ? agent : null;
  }

  /** Null: another way serves. */
  #open(sender: Sender, nowMs: number): RelayedAgent | null {
    const present = this.#byNode.get(sender.nodeId);
    const serves = present !== undefined && present.through !== sender.through;
    if (serves && nowMs - present.heardAtMs < this.#parts.suspectAfterMs(sender.nodeId)) return null;
    const agent = new RelayedAgent(sender, nowMs, (message, roughBytes) => {
      if (this.#parts.sendTo(sender.through, message, roughBytes)) return;
      // Another way may work; by the next that opens, the agent is asked what of this has to be sent again.
      if (this.#byNode.get(sender.nodeId) === agent) this.#byNode.delete(sender.nodeId);
    });
    this.#byNode.set(sender.nodeId, agent);
    return agent;
  }
}
