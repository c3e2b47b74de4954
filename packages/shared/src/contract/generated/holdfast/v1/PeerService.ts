// Original file: ../../proto/holdfast/v1/peer.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { PeerMessage as _holdfast_v1_PeerMessage, PeerMessage__Output as _holdfast_v1_PeerMessage__Output } from '../../holdfast/v1/PeerMessage.ts';

export interface PeerServiceClient extends grpc.Client {
  Link(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_PeerMessage, _holdfast_v1_PeerMessage__Output>;
  Link(options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_PeerMessage, _holdfast_v1_PeerMessage__Output>;
  link(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_PeerMessage, _holdfast_v1_PeerMessage__Output>;
  link(options?: grpc.CallOptions): grpc.ClientDuplexStream<_holdfast_v1_PeerMessage, _holdfast_v1_PeerMessage__Output>;
  
}

export interface PeerServiceHandlers extends grpc.UntypedServiceImplementation {
  Link: grpc.handleBidiStreamingCall<_holdfast_v1_PeerMessage__Output, _holdfast_v1_PeerMessage>;
  
}

export interface PeerServiceDefinition extends grpc.ServiceDefinition {
  Link: MethodDefinition<_holdfast_v1_PeerMessage, _holdfast_v1_PeerMessage, _holdfast_v1_PeerMessage__Output, _holdfast_v1_PeerMessage__Output>
}
