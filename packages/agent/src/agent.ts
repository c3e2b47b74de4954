/**
 * One agent: the core that decides about a node, its loop, and its sessions with all coordinators. Whatever it stands on is
 * a port, so that it runs on this machine and in a simulated world.
 *
 *   new → start (takes up what an earlier process left, then dials) → … → stop
 */
import type { Timer } from "@holdfast/shared/clock.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import { type AgentState, initialState } from "./core/state.ts";
import type { AgentPorts } from "./ports.ts";
import type { SessionSettings } from "./session/session.ts";
import { Sessions, type SessionView } from "./session/sessions.ts";
import { perform } from "./shell/effects.ts";
import { Lookout } from "./shell/lookout.ts";
import { Loop } from "./shell/loop.ts";

export interface AgentOptions {
  /** host:port of each coordinator. */
  readonly coordinators: readonly string[];
  /** What describes the node and this program; the agent adds its process's own name. */
  readonly node: Hello;
  /** A defect: nothing more is decided, and `stop` should be called. Tasks go on. */
  readonly failed: (error: unknown) => void;
  readonly sessionSettings?: SessionSettings;
}

const tickMs = 1_000;
const lookoutMs = 5_000;
const farewellGraceMs = 2_000;

export class Agent {
  /** For those who look on; only the core changes it. */
  readonly state: AgentState;
  readonly #ports: AgentPorts;
  readonly #sessions: Sessions;
  readonly #loop: Loop;
  readonly #lookout: Lookout;
  readonly #timers: Timer[] = [];

  constructor(ports: AgentPorts, { coordinators, node, failed, sessionSettings }: AgentOptions) {
    const { clock, randomness, dial, host, memory, readOutput, measure, checks, log, observe } = ports;
    this.#ports = ports;
    this.state = initialState(randomness.instanceId());
    const loop = new Loop(this.state, {
      clock,
      write: (records) => memory.write(records),
      perform: (effect) => perform(effect, { host, send: (to, message) => this.#sessions.send(to, message), log }),
      failed,
      ...(observe === undefined ? {} : { observe }),
    });
    this.#loop = loop;
    this.#sessions = new Sessions({
      addresses: coordinators,
      clock,
      random: () => randomness.fraction(),
      dial,
      node: { ...node, instanceId: this.state.instanceId },
      tailOf: (id) => host.tailOf(id),
      readOutput,
      measure,
      checks,
      emit: (event) => loop.push(event),
      log,
      ...(sessionSettings === undefined ? {} : { settings: sessionSettings }),
    });
    this.#lookout = new Lookout(this.state, host, clock);
  }

  /** For those who look on. */
  get sessions(): readonly SessionView[] {
    return this.#sessions.all;
  }

  /** Resolves when what an earlier process left is taken up and the coordinators are dialled. */
  async start(): Promise<void> {
    const { host, memory, clock, log } = this.#ports;
    host.listen((event) => this.#loop.push(event));
    const highestEpoch = await memory.highestEpoch();
    const attempts = await host.scan();
    this.#loop.push({ kind: "recovered", highestEpoch, attempts });
    await this.#loop.settled();
    log.info({ attempts: attempts.length, highestEpoch }, "the agent has started");
    this.#sessions.start();
    this.#timers.push(
      clock.every(tickMs, () => this.#loop.push({ kind: "tick" })),
      clock.every(lookoutMs, () => void this.#lookout.look()),
    );
  }

  /**
   * Says farewell to the coordinators and leaves the tasks to their supervisors.
   * @param returning it will be back, and its tasks are not given to others for now
   */
  async stop(returning: boolean): Promise<void> {
    const reason = returning ? "the agent restarts" : "the agent was stopped";
    this.#loop.push({ kind: "shutdown", returning, reason });
    await this.#loop.settled();
    await this.close();
  }

  /** Ends timers and sessions without a farewell. */
  async close(): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer.cancel();
    await this.#sessions.close(farewellGraceMs);
  }
}
