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
import type { ChannelCredentials, ClientDuplexStream } from "@grpc/grpc-js";
import { clientOptions } from "@holdfast/shared/contract/channel-options.ts";
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { AgentServiceClient as AgentClient } from "@holdfast/shared/contract/generated/holdfast/v1/AgentService.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import { AgentServiceClient } from "@holdfast/shared/contract/load.ts";
import type { Log } from "@holdfast/shared/log.ts";
import type { Message } from "../core/effect.ts";
import { redialAfterMs } from "./backoff.ts";
import { Outbox } from "./outbox.ts";
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
  readonly credentials: ChannelCredentials;
  readonly node: Hello;
  readonly tailOf: OutputTail;
  readonly listener: SessionListener;
  readonly log: Log;
  readonly settings?: SessionSettings;
}

type Call = ClientDuplexStream<AgentMessage, CoordinatorMessage__Output>;

interface OpenStream {
  readonly call: Call;
  readonly outbox: Outbox;
  readonly openedAtMs: number;
  /** On the monotonic clock of this process, as all times here. */
  heardAtMs: number;
  blockedSinceMs: number | null;
  /** null: no Welcome yet. */
  metricsIntervalMs: number | null;
  /** Send times of metrics that were not echoed yet, by their time of measurement. */
  readonly unechoed: Map<number, number>;
}

type State =
  | { readonly kind: "waiting"; readonly timer: NodeJS.Timeout }
  | { readonly kind: "dialling"; readonly client: AgentClient }
  | { readonly kind: "open"; readonly client: AgentClient; readonly stream: OpenStream }
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

  constructor(options: SessionOptions) {
    this.address = options.address;
    this.coordinatorId = options.address;
    this.#options = options;
    this.#settings = options.settings ?? defaultSessionSettings;
  }

  start(): void {
    if (this.#state.kind === "closed") this.#dial();
  }

  /** Lost without a trace when no stream is open: the next Hello makes good for it. */
  send(message: Message): void {
    if (this.#state.kind === "open") this.#state.stream.outbox.put(message);
  }

  sendMetrics(metrics: NodeMetrics): void {
    if (this.#state.kind !== "open") return;
    const { stream } = this.#state;
    // More than a few unanswered ones say nothing that the first does not.
    if (stream.unechoed.size < 8) stream.unechoed.set(Number(metrics.measuredAtMs), performance.now());
    stream.outbox.putMetrics(metrics);
  }

  /**
   * Writes a piece of output when nothing more important waits and the stream takes it.
   * @returns false when the stream has ended
   */
  async sendOutput(message: AgentMessage): Promise<boolean> {
    const { stream } = this.#state.kind === "open" ? this.#state : { stream: null };
    if (stream === null) return false;
    await stream.outbox.idle();
    if (this.#state.kind !== "open" || this.#state.stream !== stream) return false;
    stream.outbox.writeOutput(message);
    this.#noteBlocking(stream);
    return true;
  }

  /** Call every second or so: redials when the stream is taken for broken. */
  checkHealth(): void {
    if (this.#state.kind !== "open") return;
    const { stream } = this.#state;
    this.#noteBlocking(stream);
    const reason = this.#whyBroken(stream);
    if (reason !== null) this.#fail(`${reason}; dialling again`);
  }

  /** Writes what waits, ends the stream, and stays closed. @param graceMs how long that may take */
  async close(graceMs: number): Promise<void> {
    const state = this.#state;
    if (state.kind === "open") {
      const { call, outbox } = state.stream;
      const ended = new Promise<void>((resolve) => call.once("status", () => resolve()));
      const written = outbox.idle().then(() => call.end());
      await Promise.race([written.then(() => ended), delay(graceMs)]);
    }
    this.#leave();
    this.#state = { kind: "closed" };
  }

  #whyBroken(stream: OpenStream): string | null {
    const now = performance.now();
    const { welcomeTimeoutMs, blockedTimeoutMs, silentIntervals } = this.#settings;
    if (stream.metricsIntervalMs === null) {
      return now - stream.openedAtMs > welcomeTimeoutMs ? `no Welcome within ${welcomeTimeoutMs} ms` : null;
    }
    if (stream.blockedSinceMs !== null && now - stream.blockedSinceMs > blockedTimeoutMs) {
      return `it has taken nothing for ${blockedTimeoutMs} ms`;
    }
    const silentMs = silentIntervals * stream.metricsIntervalMs;
    return now - stream.heardAtMs > silentMs ? `nothing has come for ${silentMs} ms` : null;
  }

  #noteBlocking(stream: OpenStream): void {
    if (!stream.outbox.blocked) stream.blockedSinceMs = null;
    else stream.blockedSinceMs ??= performance.now();
  }

  #dial(): void {
    // A client of its own for each dial: the pace of redialling is this session's, not the channel's.
    const client = new AgentServiceClient(this.address, this.#options.credentials, clientOptions);
    this.#state = { kind: "dialling", client };
    client.waitForReady(Date.now() + this.#settings.connectTimeoutMs, (error) => {
      if (this.#state.kind !== "dialling" || this.#state.client !== client) return;
      if (error === undefined) this.#open(client);
      else this.#fail("cannot connect");
    });
  }

  #open(client: AgentClient): void {
    const call = client.Session();
    const outbox = new Outbox(call, this.#options.node, this.#options.tailOf);
    const now = performance.now();
    const stream: OpenStream = {
      call,
      outbox,
      openedAtMs: now,
      heardAtMs: now,
      blockedSinceMs: null,
      metricsIntervalMs: null,
      unechoed: new Map(),
    };
    const isCurrent = () => this.#state.kind === "open" && this.#state.stream === stream;
    call.on("data", (message: CoordinatorMessage__Output) => {
      if (isCurrent()) this.#receive(stream, message);
    });
    call.on("drain", () => {
      stream.blockedSinceMs = null;
      outbox.drained();
    });
    call.on("error", (error) => {
      if (isCurrent()) this.#fail(error.message);
    });
    call.on("end", () => {
      if (isCurrent()) this.#fail("the coordinator ended the stream");
    });
    this.#state = { kind: "open", client, stream };
    this.#options.listener.opened(this);
  }

  #receive(stream: OpenStream, message: CoordinatorMessage__Output): void {
    stream.heardAtMs = performance.now();
    if (message.content === "welcome") {
      const { coordinatorId, metricsIntervalMs } = message.welcome ?? {};
      this.#failures = 0;
      if (coordinatorId) this.coordinatorId = coordinatorId;
      stream.metricsIntervalMs = metricsIntervalMs || 5_000;
      stream.outbox.welcome();
    }
    if (message.content === "echo") this.#measureRoundTrip(stream, message.echo?.measuredAtMs ?? 0);
    this.#options.listener.received(this, message);
  }

  #measureRoundTrip(stream: OpenStream, measuredAtMs: number): void {
    const sentAtMs = stream.unechoed.get(measuredAtMs);
    if (sentAtMs === undefined) return;
    this.roundTripMs = performance.now() - sentAtMs;
    for (const earlier of stream.unechoed.keys()) if (earlier <= measuredAtMs) stream.unechoed.delete(earlier);
  }

  #fail(reason: string): void {
    const waitMs = redialAfterMs(this.#failures, Math.random());
    this.#failures += 1;
    // Once for each outage; what follows are its repeats.
    const level = this.#failures === 1 ? "warn" : "debug";
    this.#options.log[level]({ coordinator: this.address, redialInMs: Math.round(waitMs) }, reason);
    const timer = setTimeout(() => this.#dial(), waitMs);
    this.#leave();
    this.#state = { kind: "waiting", timer };
  }

  /** Lets go of whatever the present state holds. */
  #leave(): void {
    const state = this.#state;
    if (state.kind === "waiting") clearTimeout(state.timer);
    if (state.kind === "dialling") state.client.close();
    if (state.kind !== "open") return;
    this.#state = { kind: "closed" };
    this.roundTripMs = -1;
    state.stream.call.cancel();
    state.stream.outbox.abandon();
    state.client.close();
    this.#options.listener.ended(this);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
