// Original file: ../../proto/holdfast/v1/cluster.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ClusterEventsRequest as _holdfast_v1_ClusterEventsRequest, ClusterEventsRequest__Output as _holdfast_v1_ClusterEventsRequest__Output } from '../../holdfast/v1/ClusterEventsRequest.ts';
import type { ClusterEventsResponse as _holdfast_v1_ClusterEventsResponse, ClusterEventsResponse__Output as _holdfast_v1_ClusterEventsResponse__Output } from '../../holdfast/v1/ClusterEventsResponse.ts';
import type { ClusterStatusRequest as _holdfast_v1_ClusterStatusRequest, ClusterStatusRequest__Output as _holdfast_v1_ClusterStatusRequest__Output } from '../../holdfast/v1/ClusterStatusRequest.ts';
import type { ClusterStatusResponse as _holdfast_v1_ClusterStatusResponse, ClusterStatusResponse__Output as _holdfast_v1_ClusterStatusResponse__Output } from '../../holdfast/v1/ClusterStatusResponse.ts';
import type { PausePlacementRequest as _holdfast_v1_PausePlacementRequest, PausePlacementRequest__Output as _holdfast_v1_PausePlacementRequest__Output } from '../../holdfast/v1/PausePlacementRequest.ts';
import type { PausePlacementResponse as _holdfast_v1_PausePlacementResponse, PausePlacementResponse__Output as _holdfast_v1_PausePlacementResponse__Output } from '../../holdfast/v1/PausePlacementResponse.ts';
import type { ResumePlacementRequest as _holdfast_v1_ResumePlacementRequest, ResumePlacementRequest__Output as _holdfast_v1_ResumePlacementRequest__Output } from '../../holdfast/v1/ResumePlacementRequest.ts';
import type { ResumePlacementResponse as _holdfast_v1_ResumePlacementResponse, ResumePlacementResponse__Output as _holdfast_v1_ResumePlacementResponse__Output } from '../../holdfast/v1/ResumePlacementResponse.ts';
import type { StepDownRequest as _holdfast_v1_StepDownRequest, StepDownRequest__Output as _holdfast_v1_StepDownRequest__Output } from '../../holdfast/v1/StepDownRequest.ts';
import type { StepDownResponse as _holdfast_v1_StepDownResponse, StepDownResponse__Output as _holdfast_v1_StepDownResponse__Output } from '../../holdfast/v1/StepDownResponse.ts';

export interface ClusterServiceClient extends grpc.Client {
  Events(argument: _holdfast_v1_ClusterEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_ClusterEventsResponse__Output>;
  Events(argument: _holdfast_v1_ClusterEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_ClusterEventsResponse__Output>;
  events(argument: _holdfast_v1_ClusterEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_ClusterEventsResponse__Output>;
  events(argument: _holdfast_v1_ClusterEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_ClusterEventsResponse__Output>;
  
  PausePlacement(argument: _holdfast_v1_PausePlacementRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PausePlacementResponse__Output>): grpc.ClientUnaryCall;
  PausePlacement(argument: _holdfast_v1_PausePlacementRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_PausePlacementResponse__Output>): grpc.ClientUnaryCall;
  PausePlacement(argument: _holdfast_v1_PausePlacementRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PausePlacementResponse__Output>): grpc.ClientUnaryCall;
  PausePlacement(argument: _holdfast_v1_PausePlacementRequest, callback: grpc.requestCallback<_holdfast_v1_PausePlacementResponse__Output>): grpc.ClientUnaryCall;
  pausePlacement(argument: _holdfast_v1_PausePlacementRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PausePlacementResponse__Output>): grpc.ClientUnaryCall;
  pausePlacement(argument: _holdfast_v1_PausePlacementRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_PausePlacementResponse__Output>): grpc.ClientUnaryCall;
  pausePlacement(argument: _holdfast_v1_PausePlacementRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_PausePlacementResponse__Output>): grpc.ClientUnaryCall;
  pausePlacement(argument: _holdfast_v1_PausePlacementRequest, callback: grpc.requestCallback<_holdfast_v1_PausePlacementResponse__Output>): grpc.ClientUnaryCall;
  
  ResumePlacement(argument: _holdfast_v1_ResumePlacementRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ResumePlacementResponse__Output>): grpc.ClientUnaryCall;
  ResumePlacement(argument: _holdfast_v1_ResumePlacementRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ResumePlacementResponse__Output>): grpc.ClientUnaryCall;
  ResumePlacement(argument: _holdfast_v1_ResumePlacementRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ResumePlacementResponse__Output>): grpc.ClientUnaryCall;
  ResumePlacement(argument: _holdfast_v1_ResumePlacementRequest, callback: grpc.requestCallback<_holdfast_v1_ResumePlacementResponse__Output>): grpc.ClientUnaryCall;
  resumePlacement(argument: _holdfast_v1_ResumePlacementRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ResumePlacementResponse__Output>): grpc.ClientUnaryCall;
  resumePlacement(argument: _holdfast_v1_ResumePlacementRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ResumePlacementResponse__Output>): grpc.ClientUnaryCall;
  resumePlacement(argument: _holdfast_v1_ResumePlacementRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ResumePlacementResponse__Output>): grpc.ClientUnaryCall;
  resumePlacement(argument: _holdfast_v1_ResumePlacementRequest, callback: grpc.requestCallback<_holdfast_v1_ResumePlacementResponse__Output>): grpc.ClientUnaryCall;
  
  Status(argument: _holdfast_v1_ClusterStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ClusterStatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _holdfast_v1_ClusterStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ClusterStatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _holdfast_v1_ClusterStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ClusterStatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _holdfast_v1_ClusterStatusRequest, callback: grpc.requestCallback<_holdfast_v1_ClusterStatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _holdfast_v1_ClusterStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ClusterStatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _holdfast_v1_ClusterStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ClusterStatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _holdfast_v1_ClusterStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ClusterStatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _holdfast_v1_ClusterStatusRequest, callback: grpc.requestCallback<_holdfast_v1_ClusterStatusResponse__Output>): grpc.ClientUnaryCall;
  
  StepDown(argument: _holdfast_v1_StepDownRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_StepDownResponse__Output>): grpc.ClientUnaryCall;
  StepDown(argument: _holdfast_v1_StepDownRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_StepDownResponse__Output>): grpc.ClientUnaryCall;
  StepDown(argument: _holdfast_v1_StepDownRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_StepDownResponse__Output>): grpc.ClientUnaryCall;
  StepDown(argument: _holdfast_v1_StepDownRequest, callback: grpc.requestCallback<_holdfast_v1_StepDownResponse__Output>): grpc.ClientUnaryCall;
  stepDown(argument: _holdfast_v1_StepDownRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_StepDownResponse__Output>): grpc.ClientUnaryCall;
  stepDown(argument: _holdfast_v1_StepDownRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_StepDownResponse__Output>): grpc.ClientUnaryCall;
  stepDown(argument: _holdfast_v1_StepDownRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_StepDownResponse__Output>): grpc.ClientUnaryCall;
  stepDown(argument: _holdfast_v1_StepDownRequest, callback: grpc.requestCallback<_holdfast_v1_StepDownResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface ClusterServiceHandlers extends grpc.UntypedServiceImplementation {
  Events: grpc.handleServerStreamingCall<_holdfast_v1_ClusterEventsRequest__Output, _holdfast_v1_ClusterEventsResponse>;
  
  PausePlacement: grpc.handleUnaryCall<_holdfast_v1_PausePlacementRequest__Output, _holdfast_v1_PausePlacementResponse>;
  
  ResumePlacement: grpc.handleUnaryCall<_holdfast_v1_ResumePlacementRequest__Output, _holdfast_v1_ResumePlacementResponse>;
  
  Status: grpc.handleUnaryCall<_holdfast_v1_ClusterStatusRequest__Output, _holdfast_v1_ClusterStatusResponse>;
  
  StepDown: grpc.handleUnaryCall<_holdfast_v1_StepDownRequest__Output, _holdfast_v1_StepDownResponse>;
  
}

export interface ClusterServiceDefinition extends grpc.ServiceDefinition {
  Events: MethodDefinition<_holdfast_v1_ClusterEventsRequest, _holdfast_v1_ClusterEventsResponse, _holdfast_v1_ClusterEventsRequest__Output, _holdfast_v1_ClusterEventsResponse__Output>
  PausePlacement: MethodDefinition<_holdfast_v1_PausePlacementRequest, _holdfast_v1_PausePlacementResponse, _holdfast_v1_PausePlacementRequest__Output, _holdfast_v1_PausePlacementResponse__Output>
  ResumePlacement: MethodDefinition<_holdfast_v1_ResumePlacementRequest, _holdfast_v1_ResumePlacementResponse, _holdfast_v1_ResumePlacementRequest__Output, _holdfast_v1_ResumePlacementResponse__Output>
  Status: MethodDefinition<_holdfast_v1_ClusterStatusRequest, _holdfast_v1_ClusterStatusResponse, _holdfast_v1_ClusterStatusRequest__Output, _holdfast_v1_ClusterStatusResponse__Output>
  StepDown: MethodDefinition<_holdfast_v1_StepDownRequest, _holdfast_v1_StepDownResponse, _holdfast_v1_StepDownRequest__Output, _holdfast_v1_StepDownResponse__Output>
}
