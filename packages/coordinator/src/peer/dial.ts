/** Dials other coordinators. */
import { connect } from "node:net";
import type { ChannelCredentials } from "@grpc/grpc-js";
import { peerClientOptions } from "@holdfast/shared/contract/channel-options.ts";
import { PeerServiceClient } from "@holdfast/shared/contract/load.ts";
import type { OutgoingPeerStream } from "../ports.ts";
import { dialledStream } from "../stream/grpc-stream.ts";

const refusalTimeoutMs = 300;

export function dialPeer(address: string, credentials: ChannelCredentials): OutgoingPeerStream {
  const client = new PeerServiceClient(address, credentials, peerClientOptions);
  return dialledStream(client, client.link());
}

/** Is a connection refused? False when somebody listens, and when nobody answers in time. @param address host:port */
export function refusesConnections(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[|\]$/g, "");
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(address.slice(colon + 1)) });
    const finish = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.setTimeout(refusalTimeoutMs, () => finish(false));
    socket.once("connect", () => finish(false));
    socket.once("error", (error: NodeJS.ErrnoException) => finish(error.code === "ECONNREFUSED"));
  });
}
