/** A coordinator played by a test, on a real server: takes what agents say and sends what it is told to. */
import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { AttemptReport__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AttemptReport.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import type { Hello__Output } from "@holdfast/shared/contract/generated/holdfast/v1/Hello.ts";
import type { StartOrder } from "@holdfast/shared/contract/generated/holdfast/v1/StartOrder.ts";
import { agentServiceDefinition } from "@holdfast/shared/contract/load.ts";
import { protocolRevision } from "./protocol.ts";

type Stream = ServerDuplexStream<AgentMessage__Output, CoordinatorMessage>;

interface Waiter {
  readonly what: string;
  check(): boolean;
}

const patienceMs = 10_000;

export class PlayedCoordinator {
  address = "";
  epoch: number;
  readonly id: string;
  beatIntervalMs = 50;
  metricsIntervalMs = 1_000;
  /** false: says nothing at all, as a stopped process would. */
  answers = true;
  /** All that has been heard, oldest first. */
  readonly heard: AgentMessage__Output[] = [];
  connections = 0;
  #server = new Server();
  #stream: Stream | null = null;
  readonly #waiters = new Set<Waiter>();
  readonly #welcomed = new WeakSet<Stream>();

  private constructor(id: string, epoch: number) {
    this.id = id;
    this.epoch = epoch;
  }

  /** @param epoch 0: does not lead */
  static async start(id: string, epoch: number, address = "127.0.0.1:0"): Promise<PlayedCoordinator> {
    const coordinator = new PlayedCoordinator(id, epoch);
    await coordinator.listen(address);
    return coordinator;
  }

  async listen(address = this.address): Promise<void> {
    this.#server = new Server();
    this.#server.addService(agentServiceDefinition, { Session: (stream: Stream) => this.#accept(stream) });
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(address, ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    this.address = `127.0.0.1:${port}`;
  }

  /** As if it were killed. */
  kill(): void {
    this.#server.forceShutdown();
    this.#stream = null;
  }

  /** As if it hung, though its machine still answers for it. */
  stopReading(): void {
    this.#stream?.pause();
  }

  send(message: CoordinatorMessage): void {
    if (this.#stream === null) throw new Error(`no agent is connected to ${this.id}`);
    this.#stream.write(message);
  }

  /** A start that answers the last beat heard. */
  start(taskId: string, order: Partial<StartOrder>): void {
    const start = { taskId, attempt: 1, namespace: "default", validForMs: 3_000, ...this.lastBeat(), ...order };
    this.send({ orders: { epoch: this.epoch, orders: [{ start }] } });
  }

  /** A grant that answers the last beat heard. */
  grant(taskId: string, leaseMs: number): void {
    const attempts = [{ taskId, attempt: 1 }];
    this.send({ leaseGrant: { epoch: this.epoch, ...this.lastBeat(), leaseMs, attempts } });
  }

  stop(taskId: string, reason: string): void {
    this.send({ orders: { epoch: this.epoch, orders: [{ stop: { taskId, attempt: 1, reason } }] } });
  }

  acknowledge(taskId: string): void {
    this.send({ acknowledgements: { epoch: this.epoch, attempts: [{ taskId, attempt: 1 }] } });
  }

  lead(epoch: number): void {
    this.epoch = epoch;
    this.send({ leading: { epoch } });
  }

  lastBeat(): { answersBeat: number; instanceId: string } {
    const beat = this.heard.findLast((message) => message.content === "beat")?.beat?.sequence ?? 0;
    return { answersBeat: beat, instanceId: this.hellos.at(-1)?.instanceId ?? "" };
  }

  get hellos(): readonly Hello__Output[] {
    return this.heard.flatMap(({ hello }) => (hello === undefined ? [] : [hello]));
  }

  /** Of one task, in Hellos and on their own, oldest first. */
  reportsOf(taskId: string): readonly AttemptReport__Output[] {
    return this.heard
      .flatMap(({ hello, reports }) => [...(hello?.attempts ?? []), ...(reports?.reports ?? [])])
      .filter((report) => report.taskId === taskId);
  }

  /** The first report of this task with this state. */
  async report(taskId: string, state: string): Promise<AttemptReport__Output> {
    const find = () => this.reportsOf(taskId).find((report) => report.state === `ATTEMPT_STATE_${state}`);
    await this.until(`a report of ${taskId} as ${state}`, () => find() !== undefined);
    return find() as AttemptReport__Output;
  }

  /** @throws Error that says what was waited for, and what was heard instead */
  async until(what: string, check: () => boolean): Promise<void> {
    if (check()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const heard = this.heard.slice(-20).map((message) => JSON.stringify(message).slice(0, 300));
        reject(new Error(`${this.id} waited ${patienceMs} ms for ${what}; the last it heard:\n${heard.join("\n")}`));
      }, patienceMs);
      const waiter: Waiter = {
        what,
        check: () => {
          if (!check()) return false;
          clearTimeout(timer);
          resolve();
          return true;
        },
      };
      this.#waiters.add(waiter);
    });
  }

  #accept(stream: Stream): void {
    this.#stream = stream;
    this.connections += 1;
    this.#check();
    stream.on("data", (message: AgentMessage__Output) => this.#take(stream, message));
    stream.on("error", () => {});
    stream.on("end", () => stream.end());
  }

  #take(stream: Stream, message: AgentMessage__Output): void {
    this.heard.push(message);
    const first = message.content === "hello" && !this.#welcomed.has(stream);
    if (first && this.answers) {
      this.#welcomed.add(stream);
      const { id: coordinatorId, epoch: leadingEpoch, beatIntervalMs, metricsIntervalMs } = this;
      stream.write({ welcome: { coordinatorId, leadingEpoch, protocolRevision, beatIntervalMs, metricsIntervalMs } });
    }
    if (message.content === "metrics" && this.answers) {
      stream.write({ echo: { measuredAtMs: message.metrics?.measuredAtMs ?? 0 } });
    }
    this.#check();
  }

  #check(): void {
    for (const waiter of this.#waiters) if (waiter.check()) this.#waiters.delete(waiter);
  }
}
