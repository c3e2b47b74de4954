// Original file: ../../proto/holdfast/v1/task.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelTasksRequest as _holdfast_v1_CancelTasksRequest, CancelTasksRequest__Output as _holdfast_v1_CancelTasksRequest__Output } from '../../holdfast/v1/CancelTasksRequest.ts';
import type { CancelTasksResponse as _holdfast_v1_CancelTasksResponse, CancelTasksResponse__Output as _holdfast_v1_CancelTasksResponse__Output } from '../../holdfast/v1/CancelTasksResponse.ts';
import type { ExplainTaskRequest as _holdfast_v1_ExplainTaskRequest, ExplainTaskRequest__Output as _holdfast_v1_ExplainTaskRequest__Output } from '../../holdfast/v1/ExplainTaskRequest.ts';
import type { ExplainTaskResponse as _holdfast_v1_ExplainTaskResponse, ExplainTaskResponse__Output as _holdfast_v1_ExplainTaskResponse__Output } from '../../holdfast/v1/ExplainTaskResponse.ts';
import type { GetTaskBatchRequest as _holdfast_v1_GetTaskBatchRequest, GetTaskBatchRequest__Output as _holdfast_v1_GetTaskBatchRequest__Output } from '../../holdfast/v1/GetTaskBatchRequest.ts';
import type { GetTaskBatchResponse as _holdfast_v1_GetTaskBatchResponse, GetTaskBatchResponse__Output as _holdfast_v1_GetTaskBatchResponse__Output } from '../../holdfast/v1/GetTaskBatchResponse.ts';
import type { GetTaskRequest as _holdfast_v1_GetTaskRequest, GetTaskRequest__Output as _holdfast_v1_GetTaskRequest__Output } from '../../holdfast/v1/GetTaskRequest.ts';
import type { GetTaskResponse as _holdfast_v1_GetTaskResponse, GetTaskResponse__Output as _holdfast_v1_GetTaskResponse__Output } from '../../holdfast/v1/GetTaskResponse.ts';
import type { HoldTaskRequest as _holdfast_v1_HoldTaskRequest, HoldTaskRequest__Output as _holdfast_v1_HoldTaskRequest__Output } from '../../holdfast/v1/HoldTaskRequest.ts';
import type { HoldTaskResponse as _holdfast_v1_HoldTaskResponse, HoldTaskResponse__Output as _holdfast_v1_HoldTaskResponse__Output } from '../../holdfast/v1/HoldTaskResponse.ts';
import type { ListTasksRequest as _holdfast_v1_ListTasksRequest, ListTasksRequest__Output as _holdfast_v1_ListTasksRequest__Output } from '../../holdfast/v1/ListTasksRequest.ts';
import type { ListTasksResponse as _holdfast_v1_ListTasksResponse, ListTasksResponse__Output as _holdfast_v1_ListTasksResponse__Output } from '../../holdfast/v1/ListTasksResponse.ts';
import type { ReleaseTaskRequest as _holdfast_v1_ReleaseTaskRequest, ReleaseTaskRequest__Output as _holdfast_v1_ReleaseTaskRequest__Output } from '../../holdfast/v1/ReleaseTaskRequest.ts';
import type { ReleaseTaskResponse as _holdfast_v1_ReleaseTaskResponse, ReleaseTaskResponse__Output as _holdfast_v1_ReleaseTaskResponse__Output } from '../../holdfast/v1/ReleaseTaskResponse.ts';
import type { RetryTaskRequest as _holdfast_v1_RetryTaskRequest, RetryTaskRequest__Output as _holdfast_v1_RetryTaskRequest__Output } from '../../holdfast/v1/RetryTaskRequest.ts';
import type { RetryTaskResponse as _holdfast_v1_RetryTaskResponse, RetryTaskResponse__Output as _holdfast_v1_RetryTaskResponse__Output } from '../../holdfast/v1/RetryTaskResponse.ts';
import type { SubmitTaskBatchRequest as _holdfast_v1_SubmitTaskBatchRequest, SubmitTaskBatchRequest__Output as _holdfast_v1_SubmitTaskBatchRequest__Output } from '../../holdfast/v1/SubmitTaskBatchRequest.ts';
import type { SubmitTaskBatchResponse as _holdfast_v1_SubmitTaskBatchResponse, SubmitTaskBatchResponse__Output as _holdfast_v1_SubmitTaskBatchResponse__Output } from '../../holdfast/v1/SubmitTaskBatchResponse.ts';
import type { SubmitTaskRequest as _holdfast_v1_SubmitTaskRequest, SubmitTaskRequest__Output as _holdfast_v1_SubmitTaskRequest__Output } from '../../holdfast/v1/SubmitTaskRequest.ts';
import type { SubmitTaskResponse as _holdfast_v1_SubmitTaskResponse, SubmitTaskResponse__Output as _holdfast_v1_SubmitTaskResponse__Output } from '../../holdfast/v1/SubmitTaskResponse.ts';
import type { TaskLogsRequest as _holdfast_v1_TaskLogsRequest, TaskLogsRequest__Output as _holdfast_v1_TaskLogsRequest__Output } from '../../holdfast/v1/TaskLogsRequest.ts';
import type { TaskLogsResponse as _holdfast_v1_TaskLogsResponse, TaskLogsResponse__Output as _holdfast_v1_TaskLogsResponse__Output } from '../../holdfast/v1/TaskLogsResponse.ts';
import type { WatchTasksRequest as _holdfast_v1_WatchTasksRequest, WatchTasksRequest__Output as _holdfast_v1_WatchTasksRequest__Output } from '../../holdfast/v1/WatchTasksRequest.ts';
import type { WatchTasksResponse as _holdfast_v1_WatchTasksResponse, WatchTasksResponse__Output as _holdfast_v1_WatchTasksResponse__Output } from '../../holdfast/v1/WatchTasksResponse.ts';

export interface TaskServiceClient extends grpc.Client {
  Cancel(argument: _holdfast_v1_CancelTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _holdfast_v1_CancelTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _holdfast_v1_CancelTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _holdfast_v1_CancelTasksRequest, callback: grpc.requestCallback<_holdfast_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _holdfast_v1_CancelTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _holdfast_v1_CancelTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _holdfast_v1_CancelTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  cancel(argument: _holdfast_v1_CancelTasksRequest, callback: grpc.requestCallback<_holdfast_v1_CancelTasksResponse__Output>): grpc.ClientUnaryCall;
  
  Explain(argument: _holdfast_v1_ExplainTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  Explain(argument: _holdfast_v1_ExplainTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  Explain(argument: _holdfast_v1_ExplainTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  Explain(argument: _holdfast_v1_ExplainTaskRequest, callback: grpc.requestCallback<_holdfast_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  explain(argument: _holdfast_v1_ExplainTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  explain(argument: _holdfast_v1_ExplainTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  explain(argument: _holdfast_v1_ExplainTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  explain(argument: _holdfast_v1_ExplainTaskRequest, callback: grpc.requestCallback<_holdfast_v1_ExplainTaskResponse__Output>): grpc.ClientUnaryCall;
  
  Get(argument: _holdfast_v1_GetTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  Get(argument: _holdfast_v1_GetTaskRequest, callback: grpc.requestCallback<_holdfast_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  get(argument: _holdfast_v1_GetTaskRequest, callback: grpc.requestCallback<_holdfast_v1_GetTaskResponse__Output>): grpc.ClientUnaryCall;
  
  GetBatch(argument: _holdfast_v1_GetTaskBatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  GetBatch(argument: _holdfast_v1_GetTaskBatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  GetBatch(argument: _holdfast_v1_GetTaskBatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  GetBatch(argument: _holdfast_v1_GetTaskBatchRequest, callback: grpc.requestCallback<_holdfast_v1_GetTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  getBatch(argument: _holdfast_v1_GetTaskBatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  getBatch(argument: _holdfast_v1_GetTaskBatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_GetTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  getBatch(argument: _holdfast_v1_GetTaskBatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_GetTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  getBatch(argument: _holdfast_v1_GetTaskBatchRequest, callback: grpc.requestCallback<_holdfast_v1_GetTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  
  Hold(argument: _holdfast_v1_HoldTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HoldTaskResponse__Output>): grpc.ClientUnaryCall;
  Hold(argument: _holdfast_v1_HoldTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_HoldTaskResponse__Output>): grpc.ClientUnaryCall;
  Hold(argument: _holdfast_v1_HoldTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HoldTaskResponse__Output>): grpc.ClientUnaryCall;
  Hold(argument: _holdfast_v1_HoldTaskRequest, callback: grpc.requestCallback<_holdfast_v1_HoldTaskResponse__Output>): grpc.ClientUnaryCall;
  hold(argument: _holdfast_v1_HoldTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HoldTaskResponse__Output>): grpc.ClientUnaryCall;
  hold(argument: _holdfast_v1_HoldTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_HoldTaskResponse__Output>): grpc.ClientUnaryCall;
  hold(argument: _holdfast_v1_HoldTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_HoldTaskResponse__Output>): grpc.ClientUnaryCall;
  hold(argument: _holdfast_v1_HoldTaskRequest, callback: grpc.requestCallback<_holdfast_v1_HoldTaskResponse__Output>): grpc.ClientUnaryCall;
  
  List(argument: _holdfast_v1_ListTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _holdfast_v1_ListTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _holdfast_v1_ListTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  List(argument: _holdfast_v1_ListTasksRequest, callback: grpc.requestCallback<_holdfast_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _holdfast_v1_ListTasksRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _holdfast_v1_ListTasksRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _holdfast_v1_ListTasksRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  list(argument: _holdfast_v1_ListTasksRequest, callback: grpc.requestCallback<_holdfast_v1_ListTasksResponse__Output>): grpc.ClientUnaryCall;
  
  Logs(argument: _holdfast_v1_TaskLogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_TaskLogsResponse__Output>;
  Logs(argument: _holdfast_v1_TaskLogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_TaskLogsResponse__Output>;
  logs(argument: _holdfast_v1_TaskLogsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_TaskLogsResponse__Output>;
  logs(argument: _holdfast_v1_TaskLogsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_TaskLogsResponse__Output>;
  
  Release(argument: _holdfast_v1_ReleaseTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReleaseTaskResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _holdfast_v1_ReleaseTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ReleaseTaskResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _holdfast_v1_ReleaseTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReleaseTaskResponse__Output>): grpc.ClientUnaryCall;
  Release(argument: _holdfast_v1_ReleaseTaskRequest, callback: grpc.requestCallback<_holdfast_v1_ReleaseTaskResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _holdfast_v1_ReleaseTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReleaseTaskResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _holdfast_v1_ReleaseTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_ReleaseTaskResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _holdfast_v1_ReleaseTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_ReleaseTaskResponse__Output>): grpc.ClientUnaryCall;
  release(argument: _holdfast_v1_ReleaseTaskRequest, callback: grpc.requestCallback<_holdfast_v1_ReleaseTaskResponse__Output>): grpc.ClientUnaryCall;
  
  Retry(argument: _holdfast_v1_RetryTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RetryTaskResponse__Output>): grpc.ClientUnaryCall;
  Retry(argument: _holdfast_v1_RetryTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RetryTaskResponse__Output>): grpc.ClientUnaryCall;
  Retry(argument: _holdfast_v1_RetryTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RetryTaskResponse__Output>): grpc.ClientUnaryCall;
  Retry(argument: _holdfast_v1_RetryTaskRequest, callback: grpc.requestCallback<_holdfast_v1_RetryTaskResponse__Output>): grpc.ClientUnaryCall;
  retry(argument: _holdfast_v1_RetryTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RetryTaskResponse__Output>): grpc.ClientUnaryCall;
  retry(argument: _holdfast_v1_RetryTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_RetryTaskResponse__Output>): grpc.ClientUnaryCall;
  retry(argument: _holdfast_v1_RetryTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_RetryTaskResponse__Output>): grpc.ClientUnaryCall;
  retry(argument: _holdfast_v1_RetryTaskRequest, callback: grpc.requestCallback<_holdfast_v1_RetryTaskResponse__Output>): grpc.ClientUnaryCall;
  
  Submit(argument: _holdfast_v1_SubmitTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskResponse__Output>): grpc.ClientUnaryCall;
  Submit(argument: _holdfast_v1_SubmitTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskResponse__Output>): grpc.ClientUnaryCall;
  Submit(argument: _holdfast_v1_SubmitTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskResponse__Output>): grpc.ClientUnaryCall;
  Submit(argument: _holdfast_v1_SubmitTaskRequest, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskResponse__Output>): grpc.ClientUnaryCall;
  submit(argument: _holdfast_v1_SubmitTaskRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskResponse__Output>): grpc.ClientUnaryCall;
  submit(argument: _holdfast_v1_SubmitTaskRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskResponse__Output>): grpc.ClientUnaryCall;
  submit(argument: _holdfast_v1_SubmitTaskRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskResponse__Output>): grpc.ClientUnaryCall;
  submit(argument: _holdfast_v1_SubmitTaskRequest, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskResponse__Output>): grpc.ClientUnaryCall;
  
  SubmitBatch(argument: _holdfast_v1_SubmitTaskBatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  SubmitBatch(argument: _holdfast_v1_SubmitTaskBatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  SubmitBatch(argument: _holdfast_v1_SubmitTaskBatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  SubmitBatch(argument: _holdfast_v1_SubmitTaskBatchRequest, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  submitBatch(argument: _holdfast_v1_SubmitTaskBatchRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  submitBatch(argument: _holdfast_v1_SubmitTaskBatchRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  submitBatch(argument: _holdfast_v1_SubmitTaskBatchRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  submitBatch(argument: _holdfast_v1_SubmitTaskBatchRequest, callback: grpc.requestCallback<_holdfast_v1_SubmitTaskBatchResponse__Output>): grpc.ClientUnaryCall;
  
  Watch(argument: _holdfast_v1_WatchTasksRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchTasksResponse__Output>;
  Watch(argument: _holdfast_v1_WatchTasksRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchTasksResponse__Output>;
  watch(argument: _holdfast_v1_WatchTasksRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchTasksResponse__Output>;
  watch(argument: _holdfast_v1_WatchTasksRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_holdfast_v1_WatchTasksResponse__Output>;
  
}

export interface TaskServiceHandlers extends grpc.UntypedServiceImplementation {
  Cancel: grpc.handleUnaryCall<_holdfast_v1_CancelTasksRequest__Output, _holdfast_v1_CancelTasksResponse>;
  
  Explain: grpc.handleUnaryCall<_holdfast_v1_ExplainTaskRequest__Output, _holdfast_v1_ExplainTaskResponse>;
  
  Get: grpc.handleUnaryCall<_holdfast_v1_GetTaskRequest__Output, _holdfast_v1_GetTaskResponse>;
  
  GetBatch: grpc.handleUnaryCall<_holdfast_v1_GetTaskBatchRequest__Output, _holdfast_v1_GetTaskBatchResponse>;
  
  Hold: grpc.handleUnaryCall<_holdfast_v1_HoldTaskRequest__Output, _holdfast_v1_HoldTaskResponse>;
  
  List: grpc.handleUnaryCall<_holdfast_v1_ListTasksRequest__Output, _holdfast_v1_ListTasksResponse>;
  
  Logs: grpc.handleServerStreamingCall<_holdfast_v1_TaskLogsRequest__Output, _holdfast_v1_TaskLogsResponse>;
  
  Release: grpc.handleUnaryCall<_holdfast_v1_ReleaseTaskRequest__Output, _holdfast_v1_ReleaseTaskResponse>;
  
  Retry: grpc.handleUnaryCall<_holdfast_v1_RetryTaskRequest__Output, _holdfast_v1_RetryTaskResponse>;
  
  Submit: grpc.handleUnaryCall<_holdfast_v1_SubmitTaskRequest__Output, _holdfast_v1_SubmitTaskResponse>;
  
  SubmitBatch: grpc.handleUnaryCall<_holdfast_v1_SubmitTaskBatchRequest__Output, _holdfast_v1_SubmitTaskBatchResponse>;
  
  Watch: grpc.handleServerStreamingCall<_holdfast_v1_WatchTasksRequest__Output, _holdfast_v1_WatchTasksResponse>;
  
}

export interface TaskServiceDefinition extends grpc.ServiceDefinition {
  Cancel: MethodDefinition<_holdfast_v1_CancelTasksRequest, _holdfast_v1_CancelTasksResponse, _holdfast_v1_CancelTasksRequest__Output, _holdfast_v1_CancelTasksResponse__Output>
  Explain: MethodDefinition<_holdfast_v1_ExplainTaskRequest, _holdfast_v1_ExplainTaskResponse, _holdfast_v1_ExplainTaskRequest__Output, _holdfast_v1_ExplainTaskResponse__Output>
  Get: MethodDefinition<_holdfast_v1_GetTaskRequest, _holdfast_v1_GetTaskResponse, _holdfast_v1_GetTaskRequest__Output, _holdfast_v1_GetTaskResponse__Output>
  GetBatch: MethodDefinition<_holdfast_v1_GetTaskBatchRequest, _holdfast_v1_GetTaskBatchResponse, _holdfast_v1_GetTaskBatchRequest__Output, _holdfast_v1_GetTaskBatchResponse__Output>
  Hold: MethodDefinition<_holdfast_v1_HoldTaskRequest, _holdfast_v1_HoldTaskResponse, _holdfast_v1_HoldTaskRequest__Output, _holdfast_v1_HoldTaskResponse__Output>
  List: MethodDefinition<_holdfast_v1_ListTasksRequest, _holdfast_v1_ListTasksResponse, _holdfast_v1_ListTasksRequest__Output, _holdfast_v1_ListTasksResponse__Output>
  Logs: MethodDefinition<_holdfast_v1_TaskLogsRequest, _holdfast_v1_TaskLogsResponse, _holdfast_v1_TaskLogsRequest__Output, _holdfast_v1_TaskLogsResponse__Output>
  Release: MethodDefinition<_holdfast_v1_ReleaseTaskRequest, _holdfast_v1_ReleaseTaskResponse, _holdfast_v1_ReleaseTaskRequest__Output, _holdfast_v1_ReleaseTaskResponse__Output>
  Retry: MethodDefinition<_holdfast_v1_RetryTaskRequest, _holdfast_v1_RetryTaskResponse, _holdfast_v1_RetryTaskRequest__Output, _holdfast_v1_RetryTaskResponse__Output>
  Submit: MethodDefinition<_holdfast_v1_SubmitTaskRequest, _holdfast_v1_SubmitTaskResponse, _holdfast_v1_SubmitTaskRequest__Output, _holdfast_v1_SubmitTaskResponse__Output>
  SubmitBatch: MethodDefinition<_holdfast_v1_SubmitTaskBatchRequest, _holdfast_v1_SubmitTaskBatchResponse, _holdfast_v1_SubmitTaskBatchRequest__Output, _holdfast_v1_SubmitTaskBatchResponse__Output>
  Watch: MethodDefinition<_holdfast_v1_WatchTasksRequest, _holdfast_v1_WatchTasksResponse, _holdfast_v1_WatchTasksRequest__Output, _holdfast_v1_WatchTasksResponse__Output>
}
