/**
 * The session with one coordinator: one stream, dialled again whenever it breaks.
 *
 *   waiting    after a failure, or before the first dial
 *   dialling   a connection is being made
 *   open       the stream stands; the coordinator may be silent still
 *   closed     for good
 *
 * A stream over which nothing has come for a while, or that takes nothing, is taken for broken: its other end may be gone
 * without a word.
 */
import type { Clock, Timer } from "@holdfast/shared/clock.ts";
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { NodeChecks } from "@holdfast/shared/contract/generated/holdfast/v1/NodeChecks.ts";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import type { Message } from "../core/effect.ts";
import type { AgentLog } from "../log.ts";
import { redialAfterMs } from "./backoff.ts";
import { Outbox } from "./outbox.ts";
import type { CoordinatorStream, Dial } from "./stream.ts";
import type { OutputTail } from "./wire-reports.ts";

export interface SessionSettings {
  /** How long a connection may take to stand. */
  readonly connectTimeoutMs: number;
  /** How long the coordinator may take to answer the Hello. */
  readonly welcomeTimeoutMs: number;
  /** How long the stream may refuse to take anything. */
  readonly blockedTimeoutMs: number;
  /** So many intervals of metrics without an echo, and the stream is taken for broken. */
  readonly silentIntervals: number;
}

export const defaultSessionSettings: SessionSettings = Object.freeze({
  connectTimeoutMs: 5_000,
  welcomeTimeoutMs: 10_000,
  blockedTimeoutMs: 10_000,
  silentIntervals: 3,
});

export interface SessionListener {
  /** The stream stands; it is owed a Hello. */
  opened(session: Session): void;
  received(session: Session, message: CoordinatorMessage__Output): void;
  ended(session: Session): void;
}

export interface SessionOptions {
  /** Of the coordinator, host:port. */
  readonly address: string;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly dial: Dial;
  readonly node: Hello;
  readonly tailOf: OutputTail;
  readonly listener: SessionListener;
  readonly log: AgentLog;
  readonly settings?: SessionSettings;
}

/** All times are on the steady clock. */
interface OpenStream {
  readonly outbox: Outbox;
  readonly openedAtMs: number;
  heardAtMs: number;
  blockedSinceMs: number | null;
  /** null: no Welcome yet. */
  metricsIntervalMs: number | null;
  /** Send times of metrics that were not echoed yet, by their time of measurement. */
  readonly unechoed: Map<number, number>;
}

type State =
  | { readonly kind: "waiting"; readonly timer: Timer }
  | { readonly kind: "dialling"; readonly stream: CoordinatorStream; readonly timer: Timer }
  | { readonly kind: "open"; readonly stream: CoordinatorStream; readonly open: OpenStream }
  | { readonly kind: "closed" };

export class Session {
  readonly address: string;
  /** What it calls itself, as of its last Welcome; before that, its address. */
  coordinatorId: string;
  /** -1: none measured on the present stream. */
  roundTripMs = -1;
  readonly #options: SessionOptions;
  readonly #settings: SessionSettings;
  #state: State = { kind: "closed" };
  #failures = 0;
  /** To be called when the stream has ended that is being closed for good. */
  #closing: (() => void) | null = null;

  constructor(options: SessionOptions) {
    this.address = options.address;
    this.coordinatorId = options.address;
    this.#options = options;
    this.#settings = options.settings ?? defaultSessionSettings;
  }

  /** The coordinator has answered on the present stream. */
  get isWelcomed(): boolean {
    return this.#state.kind === "open" && this.#state.open.metricsIntervalMs !== null;
  }

  start(): void {
    if (this.#state.kind === "closed") this.#dial();
  }

  /** Lost without a trace when no stream is open: the next Hello makes good for it. */
  send(message: Message): void {
    if (this.#state.kind === "open") this.#state.open.outbox.put(message);
  }

  sendMetrics(metrics: NodeMetrics): void {
    if (this.#state.kind !== "open") return;
    const { open } = this.#state;
    // More than a few unanswered ones say nothing that the first does not.
    if (open.unechoed.size < 8) open.unechoed.set(Number(metrics.measuredAtMs), this.#nowMs());
    open.outbox.putMetrics(metrics);
  }

  sendChecks(checks: NodeChecks): void {
    if (this.#state.kind === "open") this.#state.open.outbox.putChecks(checks);
  }

  /**
   * Writes a piece of output when nothing more important waits and the stream takes it.
   * @returns false when the stream has ended
   */
  async sendOutput(message: AgentMessage): Promise<boolean> {
    const { open } = this.#state.kind === "open" ? this.#state : { open: null };
    if (open === null) return false;
    await open.outbox.idle();
    if (this.#state.kind !== "open" || this.#state.open !== open) return false;
    open.outbox.writeOutput(message);
    this.#noteBlocking(open);
    return true;
  }

  /** Call every second or so: redials when the stream is taken for broken. */
  checkHealth(): void {
    if (this.#state.kind !== "open") return;
    const { open } = this.#state;
    this.#noteBlocking(open);
    const reason = this.#whyBroken(open);
    if (reason !== null) this.#fail(`${reason}; dialling again`);
  }

  /** Writes what waits, ends the stream, and stays closed. @param graceMs how long that may take */
  async close(graceMs: number): Promise<void> {
    if (this.#state.kind === "open") {
      const { stream, open } = this.#state;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#closing = resolve;
      const enough = new AbortController();
      const ended = open.outbox.idle().then(() => {
        stream.end();
        return promise;
      });
      await Promise.race([ended, this.#options.clock.sleep(graceMs, enough.signal)]);
      enough.abort();
    }
    this.#leave();
    this.#state = { kind: "closed" };
  }

  #nowMs(): number {
    return this.#options.clock.now().steadyMs;
  }

  #whyBroken(open: OpenStream): string | null {
    const now = this.#nowMs();
    const { welcomeTimeoutMs, blockedTimeoutMs, silentIntervals } = this.#settings;
    if (open.metricsIntervalMs === null) {
      return now - open.openedAtMs > welcomeTimeoutMs ? `no Welcome within ${welcomeTimeoutMs} ms` : null;
    }
    if (open.blockedSinceMs !== null && now - open.blockedSinceMs > blockedTimeoutMs) {
      return `it has taken nothing for ${blockedTimeoutMs} ms`;
    }
    const silentMs = silentIntervals * open.metricsIntervalMs;
    return now - open.heardAtMs > silentMs ? `nothing has come for ${silentMs} ms` : null;
  }

  #noteBlocking(open: OpenStream): void {
    if (!open.outbox.blocked) open.blockedSinceMs = null;
    else open.blockedSinceMs ??= this.#nowMs();
  }

  #dial(): void {
    const { clock, dial } = this.#options;
    const stream = dial(this.address);
    const { connectTimeoutMs } = this.#settings;
    const timer = clock.after(connectTimeoutMs, () => this.#fail(`cannot connect within ${connectTimeoutMs} ms`));
    this.#state = { kind: "dialling", stream, timer };
    const openStream = () => {
      const { kind } = this.#state;
      return kind === "open" && this.#state.stream === stream ? this.#state.open : null;
    };
    stream.listen({
      opened: () => {
        if (this.#state.kind === "dialling" && this.#state.stream === stream) this.#open(this.#state);
      },
      received: (message) => {
        const open = openStream();
        if (open !== null) this.#receive(open, message);
      },
      drained: () => {
        const open = openStream();
        if (open === null) return;
        open.blockedSinceMs = null;
        open.outbox.drained();
      },
      ended: (reason) => {
        const isCurrent = "stream" in this.#state && this.#state.stream === stream;
        if (this.#closing !== null) this.#closing();
        else if (isCurrent) this.#fail(reason);
      },
    });
  }

  #open({ stream, timer }: Extract<State, { kind: "dialling" }>): void {
    timer.cancel();
    const now = this.#nowMs();
    const open: OpenStream = {
      outbox: new Outbox(stream, this.#options.node, this.#options.tailOf),
      openedAtMs: now,
      heardAtMs: now,
      blockedSinceMs: null,
      metricsIntervalMs: null,
      unechoed: new Map(),
    };
    this.#state = { kind: "open", stream, open };
    this.#options.listener.opened(this);
  }

  #receive(open: OpenStream, message: CoordinatorMessage__Output): void {
    open.heardAtMs = this.#nowMs();
    if (message.content === "welcome") {
      const { coordinatorId, metricsIntervalMs } = message.welcome ?? {};
      this.#failures = 0;
      if (coordinatorId) this.coordinatorId = coordinatorId;
      open.metricsIntervalMs = metricsIntervalMs || 5_000;
      open.outbox.welcome();
    }
    if (message.content === "echo") this.#measureRoundTrip(open, message.echo?.measuredAtMs ?? 0);
    this.#options.listener.received(this, message);
  }

  #measureRoundTrip(open: OpenStream, measuredAtMs: number): void {
    const sentAtMs = open.unechoed.get(measuredAtMs);
    if (sentAtMs === undefined) return;
    this.roundTripMs = this.#nowMs() - sentAtMs;
    for (const earlier of open.unechoed.keys()) if (earlier <= measuredAtMs) open.unechoed.delete(earlier);
  }

  #fail(reason: string): void {
    const waitMs = redialAfterMs(this.#failures, this.#options.random());
    this.#failures += 1;
    // Once for each outage; what follows are its repeats.
    const level = this.#failures === 1 ? "warn" : "debug";
    this.#options.log[level]({ coordinator: this.address, redialInMs: Math.round(waitMs) }, reason);
    const timer = this.#options.clock.after(waitMs, () => this.#dial());
    this.#leave();
    this.#state = { kind: "waiting", timer };
  }

  /** Lets go of whatever the present state holds. */
  #leave(): void {
    const state = this.#state;
    this.#state = { kind: "closed" };
    if (state.kind === "waiting" || state.kind === "dialling") state.timer.cancel();
    if (state.kind === "dialling" || state.kind === "open") state.stream.close();
    if (state.kind !== "open") return;
    this.roundTripMs = -1;
    state.open.outbox.abandon();
    this.#options.listener.ended(this);
  }
}
