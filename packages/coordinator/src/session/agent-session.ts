/** The session of one agent process on its own stream. */
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { NodeCheck } from "@holdfast/shared/contract/generated/holdfast/v1/NodeCheck.ts";
import type { NodeMetrics__Output } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import { HoldfastError } from "@holdfast/shared/errors.ts";
import type { NodeInventory } from "../core/record.ts";
import type { AcceptedStream } from "../stream/stream.ts";
import type { AgentRoute } from "./agent-route.ts";
import { FlowLimit } from "./flow-limit.ts";
import { Outbox } from "./outbox.ts";
import { OutputRequests } from "./output-requests.ts";

/** An honest agent says Hello when it connects and when it is asked, once for each leader. */
const helloLimit = { burst: 30, perSecond: 2 };
/** A node starts and ends at most a few hundred processes a second, and each is reported a few times. */
const reportLimit = { burst: 50_000, perSecond: 10_000 };
const messageLimit = { burst: 20_000, perSecond: 5_000 };

export interface AgentSessionParts {
  readonly nodeId: string;
  readonly instanceId: string;
  readonly inventory: NodeInventory;
  readonly stream: AcceptedStream<AgentMessage__Output, CoordinatorMessage>;
  /** On the steady clock, as all times here. */
  readonly nowMs: number;
}

export class AgentSession implements AgentRoute {
  readonly nodeId: string;
  readonly instanceId: string;
  readonly inventory: NodeInventory;
  readonly through = "";
  readonly stream: AgentSessionParts["stream"];
  readonly openedAtMs: number;
  readonly outputs: OutputRequests;
  /** Its first Hello was heard. */
  joined = false;
  lastBeat = 0;
  heardAtMs: number;
  /** When it last brought a report. */
  reportedAtMs = Number.NEGATIVE_INFINITY;
  /** When it was last told that it reports to the wrong coordinator. */
  calledBackMs = Number.NEGATIVE_INFINITY;
  metrics: NodeMetrics__Output | null = null;
  /** The latest of all its checks; empty: none yet. A new list for each message. */
  checks: readonly NodeCheck[] = [];
  readonly #outbox: Outbox<CoordinatorMessage>;
  readonly #hellos: FlowLimit;
  readonly #reports: FlowLimit;
  readonly #messages: FlowLimit;

  constructor({ nodeId, instanceId, inventory, stream, nowMs }: AgentSessionParts) {
    this.nodeId = nodeId;
    this.instanceId = instanceId;
    this.inventory = inventory;
    this.stream = stream;
    this.openedAtMs = nowMs;
    this.heardAtMs = nowMs;
    this.#hellos = new FlowLimit(helloLimit, nowMs);
    this.#reports = new FlowLimit(reportLimit, nowMs);
    this.#messages = new FlowLimit(messageLimit, nowMs);
    this.#outbox = new Outbox(stream, () => {
      stream.refuse(new HoldfastError("resourceExhausted", `node ${nodeId} does not read what it is sent`));
    });
    this.outputs = new OutputRequests((message) => this.send(message));
  }

  send(message: CoordinatorMessage, roughBytes?: number): void {
    this.#outbox.send(message, roughBytes);
  }

  drained(): void {
    this.#outbox.drained();
  }

  /** @throws HoldfastError (resourceExhausted) when the agent says more than an honest one would */
  admit(message: AgentMessage__Output, nowMs: number): void {
    // What was asked for is bounded by those who ask.
    if (message.content === "output" && this.outputs.isOpen(message.output?.requestNumber ?? 0)) return;
    const attempts = message.reports?.reports?.length ?? 0;
    const admitted =
      this.#messages.takes(1, nowMs) &&
      (message.content !== "hello" || this.#hellos.takes(1, nowMs)) &&
      this.#reports.takes(attempts, nowMs);
    if (admitted) return;
    const what = message.content === "hello" ? "Hellos" : message.content === "reports" ? "reports" : "messages";
    throw new HoldfastError("resourceExhausted", `node ${this.nodeId} sends more ${what} than any node has reason to`, {
      retryAfterMs: 1_000,
    });
  }

  /** Nothing is sent any more, and requests for output end. */
  close(): void {
    this.#outbox.close();
    this.outputs.close();
  }
}
