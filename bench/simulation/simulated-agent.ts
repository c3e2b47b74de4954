/**
 * An agent without processes: it says Hello, beats, sends metrics, and answers each start at once, or when the task's time
 * is over, with the report that a real agent sends of an end. What is not acknowledged is said again to the next leader.
 */
import type { SecureContext } from "node:tls";
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { AttemptReport } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptReport.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { Hello } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { Orders__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Orders.ts";
import { agentServiceDefinition } from "@holdfast/shared/contract/load.ts";
import type { FleetSettings } from "./fleet-messages.ts";
import { GrpcStream } from "./grpc-stream.ts";

const { path, requestSerialize, responseDeserialize } = agentServiceDefinition["Session"];

/** What happens to all agents of a process together. */
export interface FleetEvents {
  welcomed(): void;
  /** @param epoch that the orders came with */
  ordered(epoch: number, starts: number): void;
  /** Ends that are durable. */
  acknowledged(count: number): void;
  /** A session is over that was welcome. */
  disconnected(): void;
}

interface Link {
  readonly stream: GrpcStream;
  welcome: boolean;
}

const mebibyte = 1024 * 1024;
const cores = 64;
/** What a task is taken to need that asks for nothing. */
const taskCpuMillis = 100;
const memoryBytes = 256 * 1024 * mebibyte;
const reconnectMs = 200;

export interface AgentWork extends Pick<FleetSettings, "slots" | "taskMs"> {
  /** Of the whole fleet; null: without TLS. */
  readonly secureContext: SecureContext | null;
}

export class SimulatedAgent {
  readonly #nodeId: string;
  readonly #work: AgentWork;
  readonly #events: FleetEvents;
  readonly #links = new Map<string, Link>();
  /** What runs, and what has ended and is not acknowledged. */
  readonly #attempts = new Map<string, AttemptReport>();
  /** Whose orders came last. */
  #leader: Link | null = null;
  #highestEpoch = 0;
  #beatSequence = 0;
  #ended = false;

  constructor(nodeId: string, work: AgentWork, events: FleetEvents) {
    this.#nodeId = nodeId;
    this.#work = work;
    this.#events = events;
  }

  /** Keeps a session with the coordinator at `host:port`, as long as the agent lives. */
  connect(address: string): void {
    if (this.#ended) return;
    const colon = address.lastIndexOf(":");
    const tls = this.#work.secureContext;
    const target = { host: address.slice(0, colon), port: Number(address.slice(colon + 1)), path, tls };
    const stream = new GrpcStream(target, {
      message: (bytes) => this.#take(link, responseDeserialize(bytes)),
      closed: () => {
        this.#links.delete(address);
        if (link.welcome) this.#events.disconnected();
        if (!this.#ended) setTimeout(() => this.connect(address), reconnectMs);
      },
    });
    const link: Link = { stream, welcome: false };
    this.#links.set(address, link);
    this.#sayHello(link);
  }

  /** @returns beats sent: one to each coordinator */
  beat(): number {
    this.#beatSequence += 1;
    return this.#sendToAll(encode({ beat: { sequence: this.#beatSequence } }));
  }

  sendMetrics(): void {
    this.#sendToAll(metricsMessage);
  }

  end(): void {
    this.#ended = true;
    for (const { stream } of this.#links.values()) stream.close();
  }

  #sendToAll(message: Buffer): number {
    let sent = 0;
    for (const { stream, welcome } of this.#links.values()) {
      if (!welcome) continue;
      stream.send(message);
      sent += 1;
    }
    return sent;
  }

  #take(link: Link, message: CoordinatorMessage__Output): void {
    switch (message.content) {
      case "welcome":
        link.welcome = true;
        return this.#events.welcomed();
      case "leading":
        this.#follow(link, message.leading?.epoch ?? 0);
        return this.#sayHello(link);
      case "orders":
        return this.#obey(link, message.orders ?? {});
      case "acknowledgements": {
        const attempts = message.acknowledgements?.attempts ?? [];
        for (const { taskId, attempt } of attempts) this.#attempts.delete(`${taskId}.${attempt}`);
        return this.#events.acknowledged(attempts.length);
      }
      default:
        return;
    }
  }

  #follow(link: Link, epoch: number): boolean {
    if (epoch < this.#highestEpoch) return false;
    this.#highestEpoch = epoch;
    this.#leader = link;
    return true;
  }

  #obey(link: Link, { epoch = 0, orders = [] }: Orders__Output): void {
    if (!this.#follow(link, epoch)) return;
    const started: AttemptReport[] = [];
    for (const { start } of orders) {
      if (start === undefined) continue;
      const { taskId = "", attempt = 0 } = start;
      // A repeat of an order is harmless.
      if (!this.#attempts.has(`${taskId}.${attempt}`)) started.push({ taskId, attempt, startedAtMs: Date.now() });
    }
    if (started.length === 0) return;
    this.#events.ordered(epoch, started.length);
    if (this.#work.taskMs === 0) return this.#report(started.map(succeeded));
    this.#report(started.map((report) => ({ ...report, state: "ATTEMPT_STATE_RUNNING" })));
    setTimeout(() => this.#report(started.map(succeeded)), this.#work.taskMs);
  }

  #report(reports: readonly AttemptReport[]): void {
    for (const report of reports) this.#attempts.set(`${report.taskId}.${report.attempt}`, report);
    this.#leader?.stream.send(encode({ reports: { reports: [...reports] } }));
  }

  #sayHello({ stream }: Link): void {
    const hello = identity(this.#nodeId, this.#work.slots);
    const attempts = [...this.#attempts.values()];
    stream.send(encode({ hello: { ...hello, highestEpoch: this.#highestEpoch, attempts } }));
  }
}

function encode(message: AgentMessage): Buffer {
  return requestSerialize(message);
}

function succeeded(report: AttemptReport): AttemptReport {
  const usage = { cpuUserMs: 1, cpuSystemMs: 1, maxResidentBytes: 2 * mebibyte, outputBytes: 0 };
  return { ...report, state: "ATTEMPT_STATE_SUCCEEDED", endedAtMs: Date.now(), exitCode: 0, usage };
}

function identity(nodeId: string, slots: number): Hello {
  return {
    nodeId,
    bootId: `boot-of-${nodeId}`,
    instanceId: `instance-of-${nodeId}`,
    protocolRevision: 1,
    agentVersion: "0.0.0-simulated",
    inventory: {
      hostname: nodeId,
      os: "Debian GNU/Linux 12",
      kernel: "6.1.0",
      arch: "x64",
      cpuModel: "simulated",
      cpuCores: cores,
      memoryBytes,
      allocatable: { cpuMillis: slots * taskCpuMillis, memoryBytes: memoryBytes * 1_000 },
    },
  };
}

/** Of a common server: two disks, two interfaces, three coordinators. About 500 bytes. */
const metricsMessage = encode({
  metrics: {
    measuredAtMs: Date.now(),
    cpuUsed: 0.25,
    load1: 1.5,
    load5: 1.25,
    load15: 1.1,
    memoryUsedBytes: memoryBytes / 4,
    memoryAvailableBytes: (memoryBytes / 4) * 3,
    pressureCpu: 0.01,
    pressureMemory: 0.01,
    pressureIo: 0.02,
    disks: ["/", "/var"].map((mount, index) => ({
      mount,
      device: `/dev/nvme0n1p${index + 1}`,
      totalBytes: 500_000_000_000,
      usedBytes: 123_456_789_000,
      readBytes: 12_345.6,
      writtenBytes: 65_432.1,
      busy: 0.05,
      inodesTotal: 30_000_000,
      inodesUsed: 1_234_567,
    })),
    interfaces: ["eth0", "eth1"].map((name) => ({ name, receivedBytes: 123_456.7, sentBytes: 76_543.2 })),
    roundTrips: [1, 2, 3].map((number) => ({ coordinator: `coordinator-${number}`, milliseconds: 0.5 })),
    processes: 250,
    agentResidentBytes: 70 * mebibyte,
  },
});
