/**
 * The settings of every gRPC channel and server. The library's defaults suit neither streams that stand for weeks nor
 * a fail-over within seconds.
 */
import type { ChannelOptions, ServerOptions } from "@grpc/grpc-js";

/** Largest message in either direction. A task's script (64 KiB), standard input (256 KiB), arguments and environment
 * (128 KiB each) fit in one. */
export const maxMessageBytes = 1024 * 1024;
/** Of agents' messages, which coordinators pass on to each other inside their own. */
const maxEnvelopeBytes = 16 * 1024;

const bothEnds = {
  "grpc.max_receive_message_length": maxMessageBytes,
  "grpc.max_send_message_length": maxMessageBytes,
  // Keeps an object for every channel, call and socket that ever was.
  "grpc.enable_channelz": 0,
} as const;

/**
 * Keepalive comes from clients only: a server that pings drops healthy streams when its own loop stalls. Reconnecting
 * waits at most 10 s (the default is two minutes); the library adds the jitter.
 */
export const clientOptions: Readonly<ChannelOptions> = {
  ...bothEnds,
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 10_000,
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 0,
  // One connection for each client object; closing the object closes its connection.
  "grpc.use_local_subchannel_pool": 1,
  // Calls are repeated by those who know whether a repeat is harmless.
  "grpc.enable_retries": 0,
  "grpc.service_config_disable_resolution": 1,
  // Addresses are those of the cluster; a proxy from the environment is never meant for them.
  "grpc.enable_http_proxy": 0,
};

/** For links between coordinators. */
export const peerClientOptions: Readonly<ChannelOptions> = {
  ...clientOptions,
  "grpc.max_send_message_length": maxMessageBytes + maxEnvelopeBytes,
};

/** Of a coordinator's server, which serves clients, agents and the other coordinators. */
export const serverOptions: Readonly<ServerOptions> = {
  ...bothEnds,
  "grpc.max_receive_message_length": maxMessageBytes + maxEnvelopeBytes,
  "grpc.max_concurrent_streams": 1_000,
};
