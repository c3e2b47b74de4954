// Original file: ../../proto/holdfast/v1/node.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ConfirmNodeDeadRequest as _holdfast_v1_ConfirmNodeDeadRequest, ConfirmNodeDeadRequest__Output as _holdfast_v1_ConfirmNodeDeadRequest__Output } from '../../holdfast/v1/ConfirmNodeDeadRequest.ts';
import type { ConfirmNodeDeadResponse as _holdfast_v1_ConfirmNodeDeadResponse, ConfirmNodeDeadResponse__Output as _holdfast_v1_ConfirmNodeDeadResponse__Output } from '../../holdfast/v1/ConfirmNodeDeadResponse.ts';
import type { CordonNodeRequest as _holdfast_v1_CordonNodeRequest, CordonNodeRequest__Output as _holdfast_v1_CordonNodeRequest__Output } from '../../holdfast/v1/CordonNodeRequest.ts';
import type { CordonNodeResponse as _holdfast_v1_CordonNodeResponse, CordonNodeResponse__Output as _holdfast_v1_CordonNodeResponse__Output } from '../../holdfast/v1/CordonNodeResponse.ts';
import type { DrainNodeRequest as _holdfast_v1_DrainNodeRequest, DrainNodeRequest__Output as _holdfast_v1_DrainNodeRequest__Output } from '../../holdfast/v1/DrainNodeRequest.ts';
import type { DrainNodeResponse as _holdfast_v1_DrainNodeResponse, DrainNodeResponse__Output as _holdfast_v1_DrainNodeResponse__Output } from '../../holdfast/v1/DrainNodeResponse.ts';
import type { GetNodeRequest as _holdfast_v1_GetNodeRequest, GetNodeRequest__Output as _holdfast_v1_GetNodeRequest__Output } from '../../holdfast/v1/GetNodeRequest.ts';
import type { GetNodeResponse as _holdfast_v1_GetNodeResponse, GetNodeResponse__Output as _holdfast_v1_GetNodeResponse__Output } from '../../holdfast/v1/GetNodeResponse.ts';
import type { ListNodesRequest as _holdfast_v1_ListNodesRequest, ListNodesRequest__Output as _holdfast_v1_ListNodesRequest__Output } from '../../holdfast/v1/ListNodesRequest.ts';
import type { ListNodesResponse as _holdfast_v1_ListNodesResponse, ListNodesResponse__Output as _holdfast_v1_ListNodesResponse__Output } from '../../holdfast/v1/ListNodesResponse.ts';
import type { NodeSeriesRequest as _holdfast_v1_NodeSeriesRequest, NodeSeriesRequest__Output as _holdfast_v1_NodeSeriesRequest__Output } from '../../holdfast/v1/NodeSeriesRequest.ts';
import type { NodeSeriesResponse as _holdfast_v1_NodeSeriesResponse, NodeSeriesResponse__Output as _holdfast_v1_NodeSeriesResponse__Output } from '../../holdfast/v1/NodeSeriesResponse.ts';
import type { RemoveNodeRequest as _holdfast_v1_RemoveNodeRequest, RemoveNodeRequest__Output as _holdfast_v1_RemoveNodeRequest__Output } from '../../holdfast/v1/RemoveNodeRequest.ts';
import type { RemoveNodeResponse as _holdfast_v1_RemoveNodeResponse, RemoveNodeResponse__Output as _holdfast_v1_RemoveNodeResponse__Output } from '../../holdfast/v1/RemoveNodeResponse.ts';
import type { UncordonNodeRequest as _holdfast_v1_UncordonNodeRequest, UncordonNodeRequest__Output as _holdfast_v1_UncordonNodeRequest__Output } from '../../holdfast/v1/UncordonNodeRequest.ts';
import type { UncordonNodeResponse as _holdfast_v1_UncordonNodeResponse, UncordonNodeResponse__Output as _holdfast_v1_UncordonNodeResponse__Output } from '../../holdfast/v1/UncordonNodeResponse.ts';
import type { WatchNodesRequest as _holdfast_v1_WatchNodesRequest, WatchNodesRequest__Output as _holdfast_v1_WatchNodesRequest__Output } from '../../holdfast/v1/WatchNodesRequest.ts';
import type { WatchNodesResponse as _holdfast_v1_WatchNodesResponse, WatchNodesResponse__Output as _holdfast_v1_WatchNodesResponse__Output } from '../../holdfast/v1/WatchNodesResponse.ts';

export interface NodeServiceClient extends grpc.Client {
  ConfirmDead(argument: _holdfast_v1_ConfirmNodeDeadRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ConfirmNodeDeadResponse__Output>): grpc.ClientUnaryCall;
  ConfirmDead(argument: _holdfast_v1_ConfirmNodeDeadRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ConfirmNodeDeadResponse__Output>): grpc.ClientUnaryCall;
  ConfirmDead(argument: _holdfast_v1_ConfirmNodeDeadRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ConfirmNodeDeadResponse__Output>): grpc.ClientUnaryCall;
  ConfirmDead(argument: _holdfast_v1_ConfirmNodeDeadRequest, callback: grpc.requestCallback<_holdfast_v1_ConfirmNodeDeadResponse__Output>): grpc.ClientUnaryCall;
  confirmDead(argument: _holdfast_v1_ConfirmNodeDeadRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ConfirmNodeDeadResponse__Output>): grpc.ClientUnaryCall;
  confirmDead(argument: _holdfast_v1_ConfirmNodeDeadRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ConfirmNodeDeadResponse__Output>): grpc.ClientUnaryCall;
  confirmDead(argument: _holdfast_v1_ConfirmNodeDeadRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ConfirmNodeDeadResponse__Output>): grpc.ClientUnaryCall;
  confirmDead(argument: _holdfast_v1_ConfirmNodeDeadRequest, callback: grpc.requestCallback<_holdfast_v1_ConfirmNodeDeadResponse__Output>): grpc.ClientUnaryCall;
  
  Cordon(argument: _holdfast_v1_CordonNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CordonNodeResponse__Output>): grpc.ClientUnaryCall;
  Cordon(argument: _holdfast_v1_CordonNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_CordonNodeResponse__Output>): grpc.ClientUnaryCall;
  Cordon(argument: _holdfast_v1_CordonNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CordonNodeResponse__Output>): grpc.ClientUnaryCall;
  Cordon(argument: _holdfast_v1_CordonNodeRequest, callback: grpc.requestCallback<_holdfast_v1_CordonNodeResponse__Output>): grpc.ClientUnaryCall;
  cordon(argument: _holdfast_v1_CordonNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CordonNodeResponse__Output>): grpc.ClientUnaryCall;
  cordon(argument: _holdfast_v1_CordonNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_CordonNodeResponse__Output>): grpc.ClientUnaryCall;
  cordon(argument: _holdfast_v1_CordonNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CordonNodeResponse__Output>): grpc.ClientUnaryCall;
  cordon(argument: _holdfast_v1_CordonNodeRequest, callback: grpc.requestCallback<_holdfast_v1_CordonNodeResponse__Output>): grpc.ClientUnaryCall;
  
  Drain(argument: _holdfast_v1_DrainNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DrainNodeResponse__Output>): grpc.ClientUnaryCall;
  Drain(argument: _holdfast_v1_DrainNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_DrainNodeResponse__Output>): grpc.ClientUnaryCall;
  Drain(argument: _holdfast_v1_DrainNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DrainNodeResponse__Output>): grpc.ClientUnaryCall;
  Drain(argument: _holdfast_v1_DrainNodeRequest, callback: grpc.requestCallback<_holdfast_v1_DrainNodeResponse__Output>): grpc.ClientUnaryCall;
  drain(argument: _holdfast_v1_DrainNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DrainNodeResponse__Output>): grpc.ClientUnaryCall;
  drain(argument: _holdfast_v1_DrainNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_DrainNodeResponse__Output>): grpc.ClientUnaryCall;
  drain(argument: _holdfast_v1_DrainNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_DrainNodeResponse__Output>): grpc.ClientUnaryCall;
  drain(argument: _holdfast_v1_DrainNodeRequest, callback: grpc.requestCallback<_holdfast_v1_DrainNodeResponse__Output>): grpc.ClientUnaryCall;
  
  Get(argument: _holdfast_v1_GetNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetNodeRequest, callback: grpc.requestCallback<_holdfast_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetNodeRequest, callback: grpc.requestCallback<_holdfast_v1_GetNodeResponse__Output>): grpc.ClientUnaryCall;
  
  List(argument: _holdfast_v1_ListNodesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _holdfast_v1_ListNodesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _holdfast_v1_ListNodesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _holdfast_v1_ListNodesRequest, callback: grpc.requestCallback<_holdfast_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _holdfast_v1_ListNodesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _holdfast_v1_ListNodesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _holdfast_v1_ListNodesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _holdfast_v1_ListNodesRequest, callback: grpc.requestCallback<_holdfast_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  
  Remove(argument: _holdfast_v1_RemoveNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  Remove(argument: _holdfast_v1_RemoveNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  Remove(argument: _holdfast_v1_RemoveNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  Remove(argument: _holdfast_v1_RemoveNodeRequest, callback: grpc.requestCallback<_holdfast_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  remove(argument: _holdfast_v1_RemoveNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  remove(argument: _holdfast_v1_RemoveNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  remove(argument: _holdfast_v1_RemoveNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  remove(argument: _holdfast_v1_RemoveNodeRequest, callback: grpc.requestCallback<_holdfast_v1_RemoveNodeResponse__Output>): grpc.ClientUnaryCall;
  
  Series(argument: _holdfast_v1_NodeSeriesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_NodeSeriesResponse__Output>): grpc.ClientUnaryCall;
  Series(argument: _holdfast_v1_NodeSeriesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_NodeSeriesResponse__Output>): grpc.ClientUnaryCall;
  Series(argument: _holdfast_v1_NodeSeriesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_NodeSeriesResponse__Output>): grpc.ClientUnaryCall;
  Series(argument: _holdfast_v1_NodeSeriesRequest, callback: grpc.requestCallback<_holdfast_v1_NodeSeriesResponse__Output>): grpc.ClientUnaryCall;
  series(argument: _holdfast_v1_NodeSeriesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_NodeSeriesResponse__Output>): grpc.ClientUnaryCall;
  series(argument: _holdfast_v1_NodeSeriesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_NodeSeriesResponse__Output>): grpc.ClientUnaryCall;
  series(argument: _holdfast_v1_NodeSeriesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_NodeSeriesResponse__Output>): grpc.ClientUnaryCall;
  series(argument: _holdfast_v1_NodeSeriesRequest, callback: grpc.requestCallback<_holdfast_v1_NodeSeriesResponse__Output>): grpc.ClientUnaryCall;
  
  Uncordon(argument: _holdfast_v1_UncordonNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_UncordonNodeResponse__Output>): grpc.ClientUnaryCall;
  Uncordon(argument: _holdfast_v1_UncordonNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_UncordonNodeResponse__Output>): grpc.ClientUnaryCall;
  Uncordon(argument: _holdfast_v1_UncordonNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_UncordonNodeResponse__Output>): grpc.ClientUnaryCall;
  Uncordon(argument: _holdfast_v1_UncordonNodeRequest, callback: grpc.requestCallback<_holdfast_v1_UncordonNodeResponse__Output>): grpc.ClientUnaryCall;
  uncordon(argument: _holdfast_v1_UncordonNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_UncordonNodeResponse__Output>): grpc.ClientUnaryCall;
  uncordon(argument: _holdfast_v1_UncordonNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_UncordonNodeResponse__Output>): grpc.ClientUnaryCall;
  uncordon(argument: _holdfast_v1_UncordonNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_UncordonNodeResponse__Output>): grpc.ClientUnaryCall;
  uncordon(argument: _holdfast_v1_UncordonNodeRequest, callback: grpc.requestCallback<_holdfast_v1_UncordonNodeResponse__Output>): grpc.ClientUnaryCall;
  
  Watch(argument: _holdfast_v1_WatchNodesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchNodesResponse__Output>;
  Watch(argument: _holdfast_v1_WatchNodesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchNodesResponse__Output>;
  watch(argument: _holdfast_v1_WatchNodesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchNodesResponse__Output>;
  watch(argument: _holdfast_v1_WatchNodesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchNodesResponse__Output>;
  
}

export interface NodeServiceHandlers extends grpc.UntypedServiceImplementation {
  ConfirmDead: grpc.handleUnaryCall<_holdfast_v1_ConfirmNodeDeadRequest__Output, _holdfast_v1_ConfirmNodeDeadResponse>;
  
  Cordon: grpc.handleUnaryCall<_holdfast_v1_CordonNodeRequest__Output, _holdfast_v1_CordonNodeResponse>;
  
  Drain: grpc.handleUnaryCall<_holdfast_v1_DrainNodeRequest__Output, _holdfast_v1_DrainNodeResponse>;
  
  Get: grpc.handleUnaryCall<_holdfast_v1_GetNodeRequest__Output, _holdfast_v1_GetNodeResponse>;
  
  List: grpc.handleUnaryCall<_holdfast_v1_ListNodesRequest__Output, _holdfast_v1_ListNodesResponse>;
  
  Remove: grpc.handleUnaryCall<_holdfast_v1_RemoveNodeRequest__Output, _holdfast_v1_RemoveNodeResponse>;
  
  Series: grpc.handleUnaryCall<_holdfast_v1_NodeSeriesRequest__Output, _holdfast_v1_NodeSeriesResponse>;
  
  Uncordon: grpc.handleUnaryCall<_holdfast_v1_UncordonNodeRequest__Output, _holdfast_v1_UncordonNodeResponse>;
  
  Watch: grpc.handleServerStreamingCall<_holdfast_v1_WatchNodesRequest__Output, _holdfast_v1_WatchNodesResponse>;
  
}

export interface NodeServiceDefinition extends grpc.ServiceDefinition {
  ConfirmDead: MethodDefinition<_holdfast_v1_ConfirmNodeDeadRequest, _holdfast_v1_ConfirmNodeDeadResponse, _holdfast_v1_ConfirmNodeDeadRequest__Output, _holdfast_v1_ConfirmNodeDeadResponse__Output>
  Cordon: MethodDefinition<_holdfast_v1_CordonNodeRequest, _holdfast_v1_CordonNodeResponse, _holdfast_v1_CordonNodeRequest__Output, _holdfast_v1_CordonNodeResponse__Output>
  Drain: MethodDefinition<_holdfast_v1_DrainNodeRequest, _holdfast_v1_DrainNodeResponse, _holdfast_v1_DrainNodeRequest__Output, _holdfast_v1_DrainNodeResponse__Output>
  Get: MethodDefinition<_holdfast_v1_GetNodeRequest, _holdfast_v1_GetNodeResponse, _holdfast_v1_GetNodeRequest__Output, _holdfast_v1_GetNodeResponse__Output>
  List: MethodDefinition<_holdfast_v1_ListNodesRequest, _holdfast_v1_ListNodesResponse, _holdfast_v1_ListNodesRequest__Output, _holdfast_v1_ListNodesResponse__Output>
  Remove: MethodDefinition<_holdfast_v1_RemoveNodeRequest, _holdfast_v1_RemoveNodeResponse, _holdfast_v1_RemoveNodeRequest__Output, _holdfast_v1_RemoveNodeResponse__Output>
  Series: MethodDefinition<_holdfast_v1_NodeSeriesRequest, _holdfast_v1_NodeSeriesResponse, _holdfast_v1_NodeSeriesRequest__Output, _holdfast_v1_NodeSeriesResponse__Output>
  Uncordon: MethodDefinition<_holdfast_v1_UncordonNodeRequest, _holdfast_v1_UncordonNodeResponse, _holdfast_v1_UncordonNodeRequest__Output, _holdfast_v1_UncordonNodeResponse__Output>
  Watch: MethodDefinition<_holdfast_v1_WatchNodesRequest, _holdfast_v1_WatchNodesResponse, _holdfast_v1_WatchNodesRequest__Output, _holdfast_v1_WatchNodesResponse__Output>
}
