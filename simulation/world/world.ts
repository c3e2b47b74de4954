/** One simulated world: machines, network, Redis, coordinators, agents and clients, all made from one seed. */
import type { Coordinator } from "@holdfast/coordinator/coordinator.ts";
import { MemoryArchive } from "@holdfast/coordinator/store/memory/memory-archive.ts";
import { MemoryDatabase } from "@holdfast/coordinator/store/memory/memory-database.ts";
import { coordinatorConfig, defaultConfig } from "../cluster/settings.ts";
import { SimulatedCoordinator } from "../cluster/simulated-coordinator.ts";
import { History } from "../history.ts";
import { Machine } from "../machine/machine.ts";
import { Network } from "../network/network.ts";
import { SimulatedAgent } from "../node/simulated-agent.ts";
import type { Random } from "../random.ts";
import { RedisDeployment } from "../redis/redis-deployment.ts";
import { WorldTime } from "../time/world-time.ts";
import { Client } from "../workload/client.ts";
import { Workload } from "../workload/workload.ts";
import type { WorldLog } from "./world-log.ts";
import type { WorldShape } from "./world-shape.ts";

const clientCount = 4;
/** A lease that a replica has taken over ends by the replica's clock. */
const redisOffsetMs = 200;
/** How often somebody looks who leads. */
const lookMs = 250;
/** How often sizes are looked at, in looks. */
const measureEvery = 8;

export class World {
  readonly shape: WorldShape;
  readonly random: Random;
  readonly time = new WorldTime();
  readonly history = new History(() => this.time.nowMs);
  readonly network: Network;
  readonly redis: RedisDeployment;
  readonly archive = new MemoryArchive();
  readonly coordinators: readonly SimulatedCoordinator[];
  readonly agents: readonly SimulatedAgent[];
  readonly workload: Workload;
  /** Share of client calls that are performed twice. */
  callsTwiceRate = 0;
  /** What no part of the product should ever do: told as they happen. */
  readonly defects: { readonly atMs: number; readonly where: string; readonly error: unknown }[] = [];
  readonly #redisMachines: readonly Machine[];
  readonly #log: WorldLog;

  constructor(shape: WorldShape, random: Random, log: WorldLog) {
    this.shape = shape;
    this.random = random;
    this.#log = log;
    this.network = new Network(this.time, random.stream("network"));
    this.#redisMachines = this.#machines("redis", shape.redisServers);
    this.redis = new RedisDeployment(
      this.time,
      this.history,
      this.#redisMachines,
      new MemoryDatabase(),
      shape.overlapMs,
    );
    this.coordinators = this.#machines("c", shape.coordinators).map((machine, at) =>
      this.#coordinator(machine, at + 1),
    );
    const addresses = this.coordinators.map(({ address }) => address);
    this.agents = this.#machines("n", shape.nodes).map((machine) => this.#agent(machine, addresses));
    this.workload = this.#buildWorkload();
  }

  /** All that can fail. */
  get machines(): readonly Machine[] {
    const own = [...this.coordinators, ...this.agents].map(({ machine }) => machine);
    return [...own, ...this.#redisMachines];
  }

  get redisMachines(): readonly Machine[] {
    return this.#redisMachines;
  }

  /** Who holds itself for the leader, and can act. */
  get leading(): SimulatedCoordinator | null {
    return this.coordinators.find(isLeading) ?? null;
  }

  start(): void {
    for (const coordinator of this.coordinators)
      this.time.after(this.random.between(0, 300), () => coordinator.start());
    for (const agent of this.agents) this.time.after(this.random.between(0, 500), () => agent.start());
    this.#look();
  }

  /** The operator of this world: starts whatever does not run, on machines that are up again. */
  mend(): void {
    for (const machine of this.machines) {
      machine.disk.isFull = false;
      if (machine.isAsleep) machine.wake();
      if (machine.isUp) continue;
      machine.boot();
      this.history.record({ kind: "rebooted", machineId: machine.name });
    }
    for (const { process } of [...this.coordinators, ...this.agents]) process?.goOn();
    for (const coordinator of this.coordinators) coordinator.start();
    for (const agent of this.agents) agent.start();
  }

  #look(looks = 1): void {
    this.time.after(lookMs, () => {
      for (const one of this.coordinators) {
        const epoch = one.coordinator?.leader()?.epoch;
        if (isLeading(one) && epoch !== undefined)
          this.history.record({ kind: "claimed", coordinatorId: one.id, epoch });
      }
      for (const { agent, nodeId } of this.agents) {
        if (agent === null || looks % measureEvery !== 0) continue;
        const size = agent.state.attempts.size;
        this.history.record({ kind: "measured", owner: nodeId, what: "attempts of an agent", size, bound: 500 });
      }
      this.#look(looks + 1);
    });
  }

  #machines(prefix: "n" | "c" | "redis", count: number): readonly Machine[] {
    return Array.from({ length: count }, (_, at) => {
      const name = `${prefix}${at + 1}`;
      const random = this.random.stream("machine", name);
      const { rateError, coordinatorOffsetMs, nodeOffsetMs } = this.shape;
      const rate = random.between(-rateError, rateError);
      const offsetMs = { n: nodeOffsetMs, c: coordinatorOffsetMs, redis: redisOffsetMs }[prefix];
      const error = { rateError: rate, offsetMs: Math.round(random.between(-offsetMs, offsetMs)) };
      return new Machine(name, this.time, error, random.between(10_000, 10_000_000));
    });
  }

  #coordinator(machine: Machine, number: number): SimulatedCoordinator {
    return new SimulatedCoordinator({
      config: coordinatorConfig(number, `${machine.name}:7400`, this.shape.coordinatorChoices),
      machine,
      network: this.network,
      archive: this.archive,
      deployment: this.redis,
      random: this.random.stream("coordinator", machine.name),
      history: this.history,
      log: this.#log.of(machine.name),
      crashed: (where, error) => this.#defect(where, error),
    });
  }

  #agent(machine: Machine, coordinators: readonly string[]): SimulatedAgent {
    return new SimulatedAgent({
      nodeId: machine.name,
      machine,
      coordinators,
      network: this.network,
      random: this.random.stream("agent", machine.name),
      history: this.history,
      log: this.#log.of(machine.name),
      crashed: (where, error) => this.#defect(where, error),
    });
  }

  #buildWorkload(): Workload {
    const machine = new Machine("clients", this.time, { rateError: 0, offsetMs: 0 }, 10_000);
    const process = machine.start("clients");
    const crashed = (error: unknown) => this.#defect("a client", error);
    let calls = 0;
    const nextCallId = () => {
      calls += 1;
      return calls;
    };
    const clients = Array.from({ length: clientCount }, (_, at) => {
      const clientId = `client-${at + 1}`;
      return new Client({
        clientId,
        process,
        network: this.network,
        coordinators: this.coordinators,
        history: this.history,
        nextCallId,
        twiceRate: () => this.callsTwiceRate,
        crashed,
      });
    });
    return new Workload({
      clients,
      history: this.history,
      random: this.random.stream("workload"),
      wallMs: () => process.now().wallMs,
      sleep: (ms) => process.sleep(ms),
      nodeIds: this.agents.map(({ nodeId }) => nodeId),
      deadNodeIds: () => this.agents.filter(({ machine: { isUp } }) => !isUp).map(({ nodeId }) => nodeId),
      leading: () => this.leading?.coordinator ?? null,
      crashed,
      exclusiveKillMs: defaultConfig.exclusiveKillMs,
    });
  }

  #defect(where: string, error: unknown): void {
    this.defects.push({ atMs: this.time.nowMs, where, error });
  }
}

function isLeading({ process, coordinator }: SimulatedCoordinator): boolean {
  return process?.isStopped === false && (coordinator as Coordinator).isLeading();
}
