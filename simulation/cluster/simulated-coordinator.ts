/** One coordinator of the simulated cluster: production's own, on a simulated machine, started again whenever it dies. */
import { Coordinator } from "@holdfast/coordinator/coordinator.ts";
import type { LogMemory, Onlooker } from "@holdfast/coordinator/loop/ports.ts";
import type { CoordinatorPorts, Log } from "@holdfast/coordinator/ports.ts";
import type { SeriesArchive } from "@holdfast/coordinator/store/archive.ts";
import type { CoordinatorConfig } from "@holdfast/shared/config/coordinator-config.ts";
import type { History } from "../history.ts";
import type { Machine } from "../machine/machine.ts";
import { DiskFull } from "../machine/simulated-disk.ts";
import type { SimulatedProcess } from "../machine/simulated-process.ts";
import { dial, type End } from "../network/connection.ts";
import type { Network } from "../network/network.ts";
import type { Random } from "../random.ts";
import { type Mishaps, noMishaps } from "../redis/redis-connection.ts";
import type { RedisDeployment } from "../redis/redis-deployment.ts";
import { SimulatedStore } from "../redis/simulated-store.ts";
import { peerProtocol } from "./protocols.ts";
import { SimulatedJournal } from "./simulated-journal.ts";
import { type Watched, watchedAgentStream, watchedPeerStream } from "./told-and-heard.ts";

export interface SimulatedCoordinatorParts {
  readonly config: CoordinatorConfig;
  readonly machine: Machine;
  readonly network: Network;
  readonly deployment: RedisDeployment;
  /** One for all coordinators. What was measured decides nothing, so that it need not be lost with a simulated Redis. */
  readonly archive: SeriesArchive;
  readonly random: Random;
  readonly history: History;
  readonly log: Log;
  /** It has run into something unforeseen: a defect. */
  readonly crashed: (coordinatorId: string, error: unknown) => void;
}

interface Running {
  readonly process: SimulatedProcess;
  readonly coordinator: Coordinator;
}

/** As a service manager would wait. */
const restartAfterMs = 1_000;
const knockTimeoutMs = 300;
/** How long a coordinator that stops in order waits for its leadership to end. */
const stopGraceMs = 5_000;

export class SimulatedCoordinator {
  readonly id: string;
  readonly machine: Machine;
  readonly mishaps: Mishaps = { ...noMishaps };
  /** Told to begin a new log, from its next start on. */
  beginAnew = false;
  readonly #parts: SimulatedCoordinatorParts;
  readonly #watched: Watched;
  #running: Running | null = null;
  #starts = 0;

  constructor(parts: SimulatedCoordinatorParts) {
    this.#parts = parts;
    this.id = parts.config.id;
    this.machine = parts.machine;
    this.#watched = { coordinatorId: this.id, number: parts.config.number, history: parts.history };
    parts.network.assign(parts.config.advertise, parts.machine);
  }

  get address(): string {
    return this.#parts.config.advertise;
  }

  /** null: it does not run. */
  get coordinator(): Coordinator | null {
    return this.#running?.coordinator ?? null;
  }

  get process(): SimulatedProcess | null {
    return this.#running?.process ?? null;
  }

  start(): void {
    if (this.#running !== null || !this.machine.isUp) return;
    const { network, history, config } = this.#parts;
    this.#starts += 1;
    const process = this.machine.start(this.id);
    const random = this.#parts.random.stream("start", this.#starts);
    const store = this.#storeOf(process, random);
    history.record({ kind: "coordinatorStarted", coordinatorId: this.id });
    const coordinator = new Coordinator(
      { ...config, beginAnew: this.beginAnew },
      "simulated",
      this.#portsOf(process, random, store),
    );
    this.#running = { process, coordinator };
    network.listen(this.address, process, (service, end) => this.#accept(coordinator, service, end));
    process.onDeath((how) => {
      this.#running = null;
      const stopped = how === "exited" ? "stopped" : how;
      history.record({ kind: "coordinatorStopped", coordinatorId: this.id, how: stopped });
    });
    coordinator.run().catch((error: unknown) => this.#fell(process, error));
  }

  /** Hands over what it leads, and ends. */
  stop(): void {
    const running = this.#running;
    if (running === null) return;
    const { process, coordinator } = running;
    process.run(() => {
      coordinator.stopLeading();
      process.after(stopGraceMs, () => process.die("exited"));
      process.after(500, () => {
        coordinator.close();
        process.after(10, () => process.die("exited"));
      });
    });
  }

  kill(): void {
    this.#running?.process.die("killed");
  }

  #fell(process: SimulatedProcess, error: unknown): void {
    if (process.isDead) return;
    if (!(error instanceof DiskFull)) this.#parts.crashed(this.id, error);
    process.die("killed");
    this.#parts.network.time.after(restartAfterMs, () => this.start());
  }

  #accept(coordinator: Coordinator, service: string, end: unknown): void {
    if (service === "agent") coordinator.sessions.accept(watchedAgentStream(end as End<never, never>, this.#watched));
    else if (service === "peer") {
      coordinator.peers.accept(watchedPeerStream(end as End<never, never>, null, this.#watched));
    }
  }

  #storeOf(process: SimulatedProcess, random: Random): SimulatedStore {
    const { network, deployment, history, config } = this.#parts;
    return new SimulatedStore({
      process,
      coordinatorId: this.id,
      network,
      deployment,
      random: random.stream("store"),
      mishaps: this.mishaps,
      history,
      waitReplicas: config.redisWaitReplicas,
      commitsWaitForReplicas: config.durability === "replicas",
      stepDownMs: config.stepDownMs,
    });
  }

  #portsOf(process: SimulatedProcess, random: Random, store: SimulatedStore): CoordinatorPorts {
    const { network, log } = this.#parts;
    return {
      clock: process,
      randomness: {
        seed: () => random.bits(),
        batchId: () => random.hex(16),
        lineage: () => random.hex(16),
      },
      store,
      archive: this.#parts.archive,
      memory: this.#memory(),
      journal: new SimulatedJournal(process, this.id, this.#parts.history),
      dialPeer: ({ id, address }) =>
        watchedPeerStream(dial(network, process, { address, service: "peer" }, peerProtocol), id, this.#watched),
      refusesConnections: (address) =>
        new Promise((resolve) => {
          process.after(knockTimeoutMs, () => resolve(false));
          const answered = (listener: object | null) => process.run(() => resolve(listener === null));
          network.knock(process.machine, address, answered, () => {});
        }),
      log,
      onlooker: this.#onlooker(),
    };
  }

  #memory(): LogMemory {
    const { disk } = this.machine;
    const path = "coordinator-state";
    const stored = () => disk.read<{ highestEpoch: number; lineage: string }>(path) ?? { highestEpoch: 0, lineage: "" };
    return {
      get highestEpoch() {
        return stored().highestEpoch;
      },
      get lineage() {
        return stored().lineage;
      },
      met(epoch, lineage = stored().lineage) {
        const known = stored();
        if (epoch <= known.highestEpoch && lineage === known.lineage) return;
        disk.write(path, { highestEpoch: Math.max(epoch, known.highestEpoch), lineage }, "synced");
      },
    };
  }

  #onlooker(): Onlooker {
    const { history } = this.#parts;
    const coordinatorId = this.id;
    return {
      decided: (event) => history.record({ kind: "decided", coordinatorId, event }),
      released: (effects) => history.record({ kind: "released", coordinatorId, effects }),
      changed: ({ lineage, position, state }, by) =>
        history.record({ kind: "replica", coordinatorId, lineage, position, state, by }),
    };
  }
}
