/**
 * The sessions with all coordinators. What they say becomes events of the core; what the core sends goes to one or all of
 * them. Every coordinator hears every beat, so that whoever takes over knows which nodes live.
 */
import type { Clock, Timer } from "@holdfast/shared/clock.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { Welcome__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Welcome.ts";
import type { Checks } from "../checks/check-states.ts";
import type { Message } from "../core/effect.ts";
import type { AgentEvent } from "../core/event.ts";
import type { AgentLog } from "../log.ts";
import { OutputRequests, type ReadOutput } from "./output-requests.ts";
import { protocolRevision } from "./protocol.ts";
import { Rhythm } from "./rhythm.ts";
import { Session, type SessionListener, type SessionSettings } from "./session.ts";
import type { Dial } from "./stream.ts";
import { checksMessage } from "./wire-checks.ts";
import { eventOf } from "./wire-orders.ts";
import type { OutputTail } from "./wire-reports.ts";

export interface SessionsOptions {
  /** host:port of each coordinator. */
  readonly addresses: readonly string[];
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly dial: Dial;
  /** What describes this node and process; the rest of a Hello comes from the core. */
  readonly node: Hello;
  readonly tailOf: OutputTail;
  readonly readOutput: ReadOutput;
  readonly measure: () => Promise<NodeMetrics>;
  readonly checks: Checks;
  readonly emit: (event: AgentEvent) => void;
  readonly log: AgentLog;
  readonly settings?: SessionSettings;
}

/** What may be seen of a session from outside. */
export type SessionView = Pick<Session, "address" | "isWelcomed" | "roundTripMs">;

const slowestBeatMs = 60_000;
const slowestMetricsMs = 600_000;
const healthCheckMs = 1_000;

export class Sessions implements SessionListener {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #outputs: OutputRequests;
  readonly #rhythm: Rhythm;
  #healthTimer: Timer | null = null;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#outputs = new OutputRequests(options.readOutput);
    const { clock, random, dial, node, tailOf, log, settings } = options;
    this.#rhythm = new Rhythm({
      clock,
      random,
      beat: () => options.emit({ kind: "beatDue" }),
      metrics: () => void this.#sendMetrics(),
    });
    for (const address of new Set(options.addresses)) {
      const optional = settings === undefined ? {} : { settings };
      const parts = { address, clock, random, dial, node, tailOf, log, listener: this, ...optional };
      this.#sessions.set(address, new Session(parts));
    }
  }

  /** One for each coordinator of the configuration. */
  get all(): readonly SessionView[] {
    return [...this.#sessions.values()];
  }

  start(): void {
    for (const session of this.#sessions.values()) session.start();
    this.#options.checks.listen(() => {
      for (const session of this.#sessions.values()) this.#sendChecks(session);
    });
    const { clock } = this.#options;
    this.#healthTimer = clock.every(healthCheckMs, () => {
      // After what has arrived is read: a process that was stopped for a while must not take its peers for silent.
      clock.soon(() => {
        for (const session of this.#sessions.values()) session.checkHealth();
      });
    });
  }

  /** To one coordinator by its address, or to all. */
  send(to: string | "all", message: Message): void {
    if (to !== "all") this.#sessions.get(to)?.send(message);
    else for (const session of this.#sessions.values()) session.send(message);
  }

  /** Writes what waits and ends all streams. @param graceMs how long that may take */
  async close(graceMs: number): Promise<void> {
    this.#rhythm.stop();
    this.#healthTimer?.cancel();
    await Promise.all([...this.#sessions.values()].map((session) => session.close(graceMs)));
  }

  opened(session: Session): void {
    this.#options.emit({ kind: "linkUp", coordinator: session.address });
  }

  received(session: Session, message: CoordinatorMessage__Output): void {
    const { emit, log } = this.#options;
    if (message.content === "outputRequest" && message.outputRequest !== undefined) {
      void this.#outputs.serve(session, message.outputRequest);
      return;
    }
    const event = eventOf(session.address, message, (what) => {
      log.warn({ coordinator: session.coordinatorId }, `ignored ${what}`);
    });
    if (event !== null) emit(event);
    if (message.content === "welcome") this.#takeUp(session, message.welcome ?? {});
  }

  ended(session: Session): void {
    this.#outputs.abandon(session);
    this.#options.emit({ kind: "linkDown", coordinator: session.address });
  }

  #takeUp(session: Session, welcome: Welcome__Output): void {
    const { beatIntervalMs = 1_000, metricsIntervalMs = 5_000 } = welcome;
    const context = { coordinator: session.coordinatorId, leadingEpoch: welcome.leadingEpoch ?? 0 };
    this.#options.log.info(context, "a coordinator has welcomed this agent");
    if (welcome.protocolRevision !== protocolRevision) {
      const revisions = { theirs: welcome.protocolRevision ?? 0, ours: protocolRevision };
      this.#options.log.warn({ ...context, ...revisions }, "the coordinator speaks another revision of the protocol");
    }
    this.#sendChecks(session);
    this.#rhythm.follow(within(10, beatIntervalMs, slowestBeatMs), within(100, metricsIntervalMs, slowestMetricsMs));
  }

  #sendChecks(session: Session): void {
    const states = this.#options.checks.latest();
    if (states.length > 0) session.sendChecks(checksMessage(states));
  }

  async #sendMetrics(): Promise<void> {
    try {
      const metrics = await this.#options.measure();
      const roundTrips = [...this.#sessions.values()]
        .filter(({ roundTripMs }) => roundTripMs >= 0)
        .map(({ coordinatorId, roundTripMs }) => ({ coordinator: coordinatorId, milliseconds: roundTripMs }));
      for (const session of this.#sessions.values()) session.sendMetrics({ ...metrics, roundTrips });
    } catch (error) {
      this.#options.log.warn({ err: error }, "cannot measure this node");
    }
  }
}

function within(min: number, value: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
