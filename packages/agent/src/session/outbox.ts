/**
 * What waits to be written on one stream, bounded by its shape: one place for each kind of message, where a newer one
 * takes the older one's place, and one for each attempt's latest report. What matters most goes first; output of tasks
 * waits outside until nothing else is left to write.
 */
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { NodeChecks } from "@holdfast/shared/contract/generated/holdfast/v1/NodeChecks.ts";
import type { NodeMetrics } from "@holdfast/shared/contract/generated/holdfast/v1/NodeMetrics.ts";
import { type AttemptReport, keyOf } from "../core/attempt.ts";
import type { Message } from "../core/effect.ts";
import { helloMessages, type OutputTail, reportMessages } from "./wire-reports.ts";

/** The writing half of a stream: `write` is false when it wants to be left alone until `drained`. */
export interface Sink {
  write(message: AgentMessage): boolean;
}

interface Waiting {
  hello: Extract<Message, { kind: "hello" }> | null;
  epochRefused: Extract<Message, { kind: "epochRefused" }> | null;
  farewell: Extract<Message, { kind: "farewell" }> | null;
  beat: number | null;
  checks: NodeChecks | null;
  metrics: NodeMetrics | null;
  readonly reports: Map<string, AttemptReport>;
}

export class Outbox {
  readonly #sink: Sink;
  readonly #node: Hello;
  readonly #tailOf: OutputTail;
  readonly #waiting: Waiting = {
    hello: null,
    epochRefused: null,
    farewell: null,
    beat: null,
    checks: null,
    metrics: null,
    reports: new Map(),
  };
  /** Made ready, but not taken by the sink yet. */
  #ready: Generator<AgentMessage> | null = null;
  #greeted = false;
  #welcomed = false;
  #blocked = false;
  readonly #idle: (() => void)[] = [];

  constructor(sink: Sink, node: Hello, tailOf: OutputTail) {
    this.#sink = sink;
    this.#node = node;
    this.#tailOf = tailOf;
  }

  get blocked(): boolean {
    return this.#blocked;
  }

  put(message: Message): void {
    const waiting = this.#waiting;
    switch (message.kind) {
      case "hello":
        // Holds the latest of every attempt.
        waiting.reports.clear();
        waiting.hello = message;
        break;
      case "reports":
        for (const report of message.reports) {
          // Last in, last out: a newer state goes behind what was put meanwhile.
          waiting.reports.delete(keyOf(report));
          waiting.reports.set(keyOf(report), report);
        }
        break;
      case "beat":
        waiting.beat = message.sequence;
        break;
      case "epochRefused":
        waiting.epochRefused = message;
        break;
      case "farewell":
        waiting.farewell = message;
        break;
    }
    this.#flush();
  }

  putMetrics(metrics: NodeMetrics): void {
    this.#waiting.metrics = metrics;
    this.#flush();
  }

  putChecks(checks: NodeChecks): void {
    this.#waiting.checks = checks;
    this.#flush();
  }

  /** Beats, checks and metrics are held back until the coordinator has answered the Hello. */
  welcome(): void {
    this.#welcomed = true;
    this.#flush();
  }

  drained(): void {
    this.#blocked = false;
    this.#flush();
  }

  /** Resolves when nothing waits and the sink takes more. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
    });
  }

  /** Writes one piece of output; call it when `idle`. */
  writeOutput(message: AgentMessage): void {
    this.#blocked = !this.#sink.write(message);
  }

  /** Lets those go who wait for it to become idle: the stream has ended. */
  abandon(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #flush(): void {
    while (!this.#blocked) {
      const message = this.#next();
      if (message === null) break;
      this.#blocked = !this.#sink.write(message);
    }
    if (this.#isIdle()) this.#idle.shift()?.();
  }

  #isIdle(): boolean {
    const { hello, epochRefused, farewell, reports } = this.#waiting;
    return (
      !this.#blocked &&
      this.#ready === null &&
      hello === null &&
      epochRefused === null &&
      farewell === null &&
      reports.size === 0
    );
  }

  #next(): AgentMessage | null {
    for (;;) {
      const { done, value } = this.#ready?.next() ?? { done: true };
      if (done !== true && value !== undefined) return value;
      this.#ready = this.#take();
      if (this.#ready === null) return null;
    }
  }

  #take(): Generator<AgentMessage> | null {
    const waiting = this.#waiting;
    const { hello, epochRefused, farewell, beat, checks, metrics, reports } = waiting;
    if (hello !== null) {
      waiting.hello = null;
      this.#greeted = true;
      return helloMessages(this.#node, hello, this.#tailOf);
    }
    if (!this.#greeted) return null;
    if (epochRefused !== null) {
      waiting.epochRefused = null;
      const { refusedEpoch, highestEpoch } = epochRefused;
      return one({ epochRefused: { refusedEpoch, highestEpoch } });
    }
    if (reports.size > 0) {
      const latest = [...reports.values()];
      reports.clear();
      return reportMessages(latest, this.#tailOf);
    }
    if (farewell !== null) {
      waiting.farewell = null;
      return one({ farewell: { returning: farewell.returning, reason: farewell.reason } });
    }
    if (!this.#welcomed) return null;
    if (beat !== null) {
      waiting.beat = null;
      return one({ beat: { sequence: beat } });
    }
    if (checks !== null) {
      waiting.checks = null;
      return one({ checks });
    }
    if (metrics === null) return null;
    waiting.metrics = null;
    return one({ metrics });
  }
}

function* one(message: AgentMessage): Generator<AgentMessage> {
  yield message;
}
