/** The benchmark's hold on a process of simulated agents. */
import { Child } from "../measure/child.ts";
import type { FleetCounters, FleetSettings, FromFleet, ToFleet } from "./fleet-messages.ts";

const answerTimeoutMs = 10_000;
/** Room for everything: placement is to be measured, not waiting for a free node. */
const defaults = {
  tls: null,
  connectsPerS: 500,
  beatIntervalMs: 1_000,
  metricsIntervalMs: 5_000,
  slots: 1_000_000,
  taskMs: 0,
};

export class Fleet implements AsyncDisposable {
  readonly #child: Child<ToFleet, FromFleet>;

  private constructor(settings: FleetSettings) {
    this.#child = new Child<ToFleet, FromFleet>("simulated-agents.ts", { settings });
  }

  /** Resolves when every agent has a session with every coordinator. */
  static async start(settings: Pick<FleetSettings, "agents" | "addresses"> & Partial<FleetSettings>): Promise<Fleet> {
    const complete = { ...defaults, ...settings };
    const fleet = new Fleet(complete);
    try {
      const connectingMs = (complete.agents * 1_000) / complete.connectsPerS;
      await fleet.#child.next("ready", connectingMs * 5 + 30_000);
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
    return fleet;
  }

  get pid(): number {
    return this.#child.pid;
  }

  async counters(): Promise<FleetCounters> {
    const answer = this.#child.next("counters", answerTimeoutMs);
    this.#child.send({ kind: "counters" });
    return (await answer).counters;
  }

  /** @returns when so many ends had been acknowledged since the start, on the steady clock */
  async acknowledged(count: number, timeoutMs: number): Promise<number> {
    const answer = this.#child.next("acknowledged", timeoutMs);
    this.#child.send({ kind: "awaitAcknowledged", count });
    return (await answer).atMs;
  }

  /** @returns when the next leader's first start arrived, on the steady clock. Call before the leader ends. */
  async nextLeaderOrdered(timeoutMs: number): Promise<number> {
    return (await this.#child.next("newEpoch", timeoutMs)).atMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }
}
