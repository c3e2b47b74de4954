/** Dials coordinators over gRPC. */
import type { ChannelCredentials, ClientDuplexStream } from "@grpc/grpc-js";
import { clientOptions } from "@holdfast/shared/contract/channel-options.ts";
import type { AgentMessage } from "@holdfast/shared/contract/generated/holdfast/v1/AgentMessage.ts";
import type { CoordinatorMessage__Output } from "@holdfast/shared/contract/generated/holdfast/v1/CoordinatorMessage.ts";
import { AgentServiceClient } from "@holdfast/shared/contract/load.ts";
import type { CoordinatorStream, Dial, StreamListener } from "./stream.ts";

type Call = ClientDuplexStream<AgentMessage, CoordinatorMessage__Output>;

export function dialOverGrpc(credentials: ChannelCredentials): Dial {
  return (address) => new GrpcStream(address, credentials);
}

class GrpcStream implements CoordinatorStream {
  readonly #client: InstanceType<typeof AgentServiceClient>;
  #call: Call | null = null;
  #over = false;

  /** A client of its own for each dial: the pace of redialling is the session's, not the channel's. */
  constructor(address: string, credentials: ChannelCredentials) {
    this.#client = new AgentServiceClient(address, credentials, clientOptions);
  }

  listen(listener: StreamListener): void {
    this.#client.waitForReady(Number.POSITIVE_INFINITY, (error) => {
      if (this.#over) return;
      if (error === undefined) this.#open(listener);
      else this.#finish(listener, `cannot connect: ${error.message}`);
    });
  }

  write(message: AgentMessage): boolean {
    return this.#over || this.#call === null || this.#call.write(message);
  }

  end(): void {
    this.#call?.end();
  }

  close(): void {
    this.#over = true;
    this.#call?.cancel();
    this.#client.close();
  }

  #open(listener: StreamListener): void {
    const call = this.#client.Session();
    this.#call = call;
    call.on("data", (message: CoordinatorMessage__Output) => this.#over || listener.received(message));
    call.on("drain", () => this.#over || listener.drained());
    call.on("error", (error) => this.#finish(listener, error.message));
    call.on("end", () => this.#finish(listener, "the coordinator ended the stream"));
    listener.opened();
  }

  #finish(listener: StreamListener, reason: string): void {
    if (this.#over) return;
    this.close();
    listener.ended(reason);
  }
}
