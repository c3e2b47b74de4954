/**
 * One coordinator's address: a channel, and the services over it.
 *
 * Keepalive is the client's: a coordinator that hangs or has lost its machine would otherwise keep a watch waiting for
 * ever. It is harmless when it strikes a healthy stream, since streams resume.
 */
import { Channel, type ChannelCredentials, type ChannelOptions, connectivityState } from "@grpc/grpc-js";
import { clientOptions } from "../contract/channel-options.ts";
import { ClusterServiceClient, NodeServiceClient, TaskServiceClient } from "../contract/load.ts";

const channelOptions: ChannelOptions = {
  ...clientOptions,
  // A person waits: a coordinator that is back is to be noticed within a second, and one that hangs within ten.
  "grpc.max_reconnect_backoff_ms": 1_000,
  "grpc.keepalive_time_ms": 5_000,
  "grpc.keepalive_timeout_ms": 5_000,
};

export class Connection {
  readonly address: string;
  readonly tasks: InstanceType<typeof TaskServiceClient>;
  readonly nodes: InstanceType<typeof NodeServiceClient>;
  readonly cluster: InstanceType<typeof ClusterServiceClient>;
  readonly #channel: Channel;

  constructor(address: string, credentials: ChannelCredentials) {
    this.address = address;
    this.#channel = new Channel(address, credentials, channelOptions);
    const shared = { channelOverride: this.#channel };
    this.tasks = new TaskServiceClient(address, credentials, shared);
    this.nodes = new NodeServiceClient(address, credentials, shared);
    this.cluster = new ClusterServiceClient(address, credentials, shared);
  }

  /**
   * Connects where that has not happened yet.
   *
   * @returns whether the connection stands; false once an attempt has failed or the time is over
   */
  async connected(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const state = this.#channel.getConnectivityState(true);
      if (state === connectivityState.READY) return true;
      if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.SHUTDOWN) return false;
      if (!(await this.#leaves(state, deadline))) return false;
    }
  }

  #leaves(state: connectivityState, deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      this.#channel.watchConnectivityState(state, deadline, (error) => resolve(error === undefined || error === null));
    });
  }

  close(): void {
    this.#channel.close();
  }
}
