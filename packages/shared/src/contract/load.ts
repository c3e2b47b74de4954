/**
 * The contract in proto/, loaded once for each process: service definitions for servers, client constructors for clients,
 * and the codec of single messages. The types come from generated/, which `generate.ts` keeps fresh.
 */
import { fileURLToPath } from "node:url";
import { loadPackageDefinition, type ServiceDefinition } from "@grpc/grpc-js";
import { loadSync, type MessageTypeDefinition, type Options } from "@grpc/proto-loader";
import type { ProtoGrpcType as AgentTypes } from "./generated/agent.ts";
import type { ProtoGrpcType as ClusterTypes } from "./generated/cluster.ts";
import type { BadRequest, BadRequest__Output } from "./generated/google/rpc/BadRequest.ts";
import type { ErrorInfo, ErrorInfo__Output } from "./generated/google/rpc/ErrorInfo.ts";
import type { RetryInfo, RetryInfo__Output } from "./generated/google/rpc/RetryInfo.ts";
import type { Status, Status__Output } from "./generated/google/rpc/Status.ts";
import type { ProtoGrpcType as NodeTypes } from "./generated/node.ts";
import type { ProtoGrpcType as PeerTypes } from "./generated/peer.ts";
import type { ProtoGrpcType as TaskTypes } from "./generated/task.ts";
import { protoFiles } from "./proto-files.ts";

/** The folder of the .proto files. */
export const protoFolder = fileURLToPath(new URL("../../../../proto", import.meta.url));

/**
 * What messages look like in this process: camelCase, absent fields are undefined, 64-bit integers are numbers (exact up
 * to 2^53), enums are their names (an unknown one stays a number), bytes are Buffers. `generate.ts` uses the same.
 */
const options: Options = {
  includeDirs: [protoFolder],
  longs: Number,
  enums: String,
  oneofs: true,
};

interface GoogleTypes {
  google: {
    rpc: {
      BadRequest: MessageTypeDefinition<BadRequest, BadRequest__Output>;
      ErrorInfo: MessageTypeDefinition<ErrorInfo, ErrorInfo__Output>;
      RetryInfo: MessageTypeDefinition<RetryInfo, RetryInfo__Output>;
      Status: MessageTypeDefinition<Status, Status__Output>;
    };
  };
}

type Loaded = AgentTypes & ClusterTypes & NodeTypes & PeerTypes & TaskTypes & GoogleTypes;
const { holdfast, google } = loadPackageDefinition(loadSync([...protoFiles], options)) as unknown as Loaded;

export const TaskServiceClient = holdfast.v1.TaskService;
export const NodeServiceClient = holdfast.v1.NodeService;
export const ClusterServiceClient = holdfast.v1.ClusterService;
export const AgentServiceClient = holdfast.v1.AgentService;
export const PeerServiceClient = holdfast.v1.PeerService;

export const taskServiceDefinition = TaskServiceClient.service;
export const nodeServiceDefinition = NodeServiceClient.service;
export const clusterServiceDefinition = ClusterServiceClient.service;
export const agentServiceDefinition = AgentServiceClient.service;
export const peerServiceDefinition = PeerServiceClient.service;

/** Full name of a service, such as `holdfast.v1.TaskService`. */
export function serviceNameOf(definition: ServiceDefinition): string {
  const path = Object.values(definition)[0]?.path ?? "";
  return path.slice(1, path.lastIndexOf("/"));
}

/** Bytes to message and back, for messages that travel inside others. */
export interface Codec<Input, Output> {
  /** @throws Error when a field has another type. */
  encode(message: Input): Buffer;
  /** @throws Error when the bytes are not such a message. */
  decode(bytes: Uint8Array): Output;
}

function codecOf<Input extends object, Output extends object>(
  definition: MessageTypeDefinition<Input, Output>,
): Codec<Input, Output> {
  return {
    encode: (message) => definition.serialize(message),
    decode: (bytes) => definition.deserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
  };
}

export const statusCodec = codecOf(google.rpc.Status);
export const badRequestCodec = codecOf(google.rpc.BadRequest);
export const retryInfoCodec = codecOf(google.rpc.RetryInfo);
export const errorInfoCodec = codecOf(google.rpc.ErrorInfo);
