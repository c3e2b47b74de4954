// Original file: ../../proto/holdfast/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AgentMessage as _holdfast_v1_AgentMessage, AgentMessage__Output as _holdfast_v1_AgentMessage__Output } from '../../holdfast/v1/AgentMessage.ts';
import type { CoordinatorMessage as _holdfast_v1_CoordinatorMessage, CoordinatorMessage__Output as _holdfast_v1_CoordinatorMessage__Output } from '../../holdfast/v1/CoordinatorMessage.ts';

export interface AgentServiceClient extends grpc.Client {
  Session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_AgentMessage, _holdfast_v1_CoordinatorMessage__Output>;
  Session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_AgentMessage, _holdfast_v1_CoordinatorMessage__Output>;
  session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_AgentMessage, _holdfast_v1_CoordinatorMessage__Output>;
  session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_AgentMessage, _holdfast_v1_CoordinatorMessage__Output>;
  
}

export interface AgentServiceHandlers extends grpc.UntypedServiceImplementation {
  Session: grpc.handleBidiStreamingCall<_holdfast_v1_AgentMessage__Output, _holdfast_v1_CoordinatorMessage>;
  
}

export interface AgentServiceDefinition extends grpc.ServiceDefinition {
  Session: MethodDefinition<_holdfast_v1_AgentMessage, _holdfast_v1_CoordinatorMessage, _holdfast_v1_AgentMessage__Output, _holdfast_v1_CoordinatorMessage__Output>
}
