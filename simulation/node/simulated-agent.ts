/** One node of the simulated cluster: production's agent on a simulated machine, with the tasks that outlive it. */
import { Agent } from "@holdfast/agent/agent.ts";
import type { AgentLog } from "@holdfast/agent/log.ts";
import type { AgentPorts } from "@holdfast/agent/ports.ts";
import { protocolRevision } from "@holdfast/agent/session/protocol.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { History } from "../history.ts";
import type { Machine } from "../machine/machine.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import type { Network } from "../network/network.ts";
import type { Random } from "../random.ts";
import { agentMemory } from "./agent-memory.ts";
import { agentObserver } from "./agent-observer.ts";
import { dialCoordinator } from "./coordinator-stream.ts";
import { SimulatedNode } from "./simulated-host.ts";

export interface SimulatedAgentParts {
  readonly nodeId: string;
  readonly machine: Machine;
  readonly coordinators: readonly string[];
  readonly network: Network;
  readonly random: Random;
  readonly history: History;
  readonly log: AgentLog;
  /** It has run into something unforeseen: a defect. */
  readonly crashed: (nodeId: string, error: unknown) => void;
}

interface Running {
  readonly process: SimulatedProcess;
  readonly agent: Agent;
}

const cpuMillis = 4_000;
const memoryBytes = 8 * 1024 ** 3;
/** As a service manager would wait. */
const restartAfterMs = 1_000;

export class SimulatedAgent {
  readonly nodeId: string;
  readonly machine: Machine;
  readonly #parts: SimulatedAgentParts;
  #node: SimulatedNode;
  #running: Running | null = null;
  #starts = 0;

  constructor(parts: SimulatedAgentParts) {
    this.#parts = parts;
    this.nodeId = parts.nodeId;
    this.machine = parts.machine;
    this.#node = this.#boot();
  }

  /** What runs there, and goes on when the agent does not. */
  get node(): SimulatedNode {
    return this.#node;
  }

  /** null: it does not run. */
  get agent(): Agent | null {
    return this.#running?.agent ?? null;
  }

  get process(): SimulatedProcess | null {
    return this.#running?.process ?? null;
  }

  start(): void {
    if (this.#running !== null || !this.machine.isUp || this.machine.isAsleep) return;
    if (this.#node.process.isDead) this.#node = this.#boot();
    const { nodeId, history, coordinators } = this.#parts;
    this.#starts += 1;
    const process = this.machine.start(nodeId);
    const random = this.#parts.random.stream("start", this.#starts);
    const instanceId = `${nodeId}-instance-${this.#starts}`;
    const failed = (error: unknown) => this.#fell(process, error);
    const ports = this.#portsOf(process, random, instanceId);
    const agent = new Agent(ports, { coordinators, node: this.#describe(), failed });
    this.#running = { process, agent };
    history.record({ kind: "agentStarted", nodeId, instanceId });
    process.onDeath((how) => {
      this.#running = null;
      history.record({ kind: "agentStopped", nodeId, instanceId, how: how === "exited" ? "stopped" : how });
    });
    agent.start().catch(failed);
  }

  /** In order: it says farewell first. */
  stop(returning: boolean): void {
    const running = this.#running;
    if (running === null) return;
    const { process, agent } = running;
    process.run(() => {
      const exit = () => process.die("exited");
      agent.stop(returning).then(exit, (error: unknown) => this.#fell(process, error));
    });
  }

  /** Its tasks go on. */
  kill(): void {
    this.#running?.process.die("killed");
  }

  #fell(process: SimulatedProcess, error: unknown): void {
    if (process.isDead) return;
    this.#parts.crashed(this.nodeId, error);
    process.die("killed");
    this.#parts.network.time.after(restartAfterMs, () => this.start());
  }

  #boot(): SimulatedNode {
    const { nodeId, machine, random, history } = this.#parts;
    return new SimulatedNode(nodeId, machine, random.stream(machine.bootId), history);
  }

  #portsOf(process: SimulatedProcess, random: Random, instanceId: string): AgentPorts {
    const { nodeId, network, history, log } = this.#parts;
    const measuring = random.stream("measure");
    return {
      clock: process,
      randomness: { fraction: () => random.fraction(), instanceId: () => instanceId },
      dial: (address) => dialCoordinator(network, process, address, { nodeId, instanceId, history }),
      host: this.#node.hostFor(process),
      memory: agentMemory(nodeId, process, this.#node.folders, history),
      // biome-ignore lint/correctness/useYield: nothing is kept beyond the tail
      readOutput: async function* () {
        throw new Error("a simulated node keeps no output");
      },
      measure: async () => ({
        measuredAtMs: process.now().wallMs,
        cpuUsed: measuring.fraction() * 0.5,
        memoryUsedBytes: Math.floor(memoryBytes * measuring.fraction() * 0.5),
      }),
      // Of a machine that is not there, nothing can be checked.
      checks: { latest: () => [], listen: () => {} },
      log,
      observe: agentObserver(nodeId, instanceId, history),
    };
  }

  #describe(): Hello {
    return {
      nodeId: this.nodeId,
      bootId: this.machine.bootId,
      protocolRevision,
      nodeClass: "default",
      agentVersion: "simulated",
      inventory: {
        hostname: this.nodeId,
        cpuCores: 4,
        memoryBytes,
        allocatable: { cpuMillis, memoryBytes, counts: {} },
      },
    };
  }
}
