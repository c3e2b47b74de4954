/** The coordinator's end of an agent's session, which sends bytes as they are: they need not be a message of the contract. */
import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import type { AgentMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import { agentServiceDefinition } from "@holdfast/shared/contract/load.ts";
import { until } from "../harness/waiting.ts";

type Stream = ServerDuplexStream<AgentMessage__Output, Buffer>;

const { Session } = agentServiceDefinition;
const raw = { Session: { ...Session, responseSerialize: (bytes: Buffer) => bytes } };

export function coordinatorMessage(message: CoordinatorMessage): Buffer {
  return Session.responseSerialize(message);
}

export class RawCoordinator implements Disposable {
  readonly address: string;
  /** All that the agent has said, on all its streams. */
  readonly heard: AgentMessage__Output[] = [];
  readonly #server: Server;
  readonly #welcome: Buffer;
  #stream: Stream | null = null;

  private constructor(server: Server, port: number, leadingEpoch: number) {
    this.#server = server;
    this.address = `127.0.0.1:${port}`;
    this.#welcome = coordinatorMessage({
      welcome: {
        coordinatorId: "raw",
        leadingEpoch,
        protocolRevision: 1,
        beatIntervalMs: 50,
        metricsIntervalMs: 60_000,
      },
    });
  }

  /** @param leadingEpoch 0: a standby */
  static async listen(leadingEpoch: number): Promise<RawCoordinator> {
    const server = new Server();
    let accept: (stream: Stream) => void = () => {};
    server.addService(raw, { Session: (stream: Stream) => accept(stream) });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const coordinator = new RawCoordinator(server, port, leadingEpoch);
    accept = (stream) => coordinator.#accept(stream);
    return coordinator;
  }

  /** As soon as an agent is there. It may hang up on what it gets. */
  async send(...messages: readonly Buffer[]): Promise<void> {
    await until("an agent that is connected", () => this.#stream !== null);
    for (const message of messages) this.#stream?.write(message);
  }

  /** Resolves when the agent has heard all that was sent, or has hung up and dialled again: it beats after that. */
  async beats(): Promise<void> {
    const count = () => this.heard.filter(({ content }) => content === "beat").length;
    const before = count();
    await until("two more beats", () => count() >= before + 2);
  }

  [Symbol.dispose](): void {
    this.#server.forceShutdown();
  }

  #accept(stream: Stream): void {
    stream.write(this.#welcome);
    this.#stream = stream;
    const over = () => {
      if (this.#stream === stream) this.#stream = null;
    };
    stream.on("data", (message: AgentMessage__Output) => this.heard.push(message));
    stream.on("error", over);
    stream.on("cancelled", over);
    stream.on("end", () => {
      over();
      stream.end();
    });
  }
}
