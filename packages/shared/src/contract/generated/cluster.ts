import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Attempt as _holdfast_v1_Attempt, Attempt__Output as _holdfast_v1_Attempt__Output } from './holdfast/v1/Attempt.ts';
import type { CancelTasksRequest as _holdfast_v1_CancelTasksRequest, CancelTasksRequest__Output as _holdfast_v1_CancelTasksRequest__Output } from './holdfast/v1/CancelTasksRequest.ts';
import type { CancelTasksResponse as _holdfast_v1_CancelTasksResponse, CancelTasksResponse__Output as _holdfast_v1_CancelTasksResponse__Output } from './holdfast/v1/CancelTasksResponse.ts';
import type { ClusterEvent as _holdfast_v1_ClusterEvent, ClusterEvent__Output as _holdfast_v1_ClusterEvent__Output } from './holdfast/v1/ClusterEvent.ts';
import type { ClusterEventsRequest as _holdfast_v1_ClusterEventsRequest, ClusterEventsRequest__Output as _holdfast_v1_ClusterEventsRequest__Output } from './holdfast/v1/ClusterEventsRequest.ts';
import type { ClusterEventsResponse as _holdfast_v1_ClusterEventsResponse, ClusterEventsResponse__Output as _holdfast_v1_ClusterEventsResponse__Output } from './holdfast/v1/ClusterEventsResponse.ts';
import type { ClusterServiceClient as _holdfast_v1_ClusterServiceClient, ClusterServiceDefinition as _holdfast_v1_ClusterServiceDefinition } from './holdfast/v1/ClusterService.ts';
import type { ClusterStatusRequest as _holdfast_v1_ClusterStatusRequest, ClusterStatusRequest__Output as _holdfast_v1_ClusterStatusRequest__Output } from './holdfast/v1/ClusterStatusRequest.ts';
import type { ClusterStatusResponse as _holdfast_v1_ClusterStatusResponse, ClusterStatusResponse__Output as _holdfast_v1_ClusterStatusResponse__Output } from './holdfast/v1/ClusterStatusResponse.ts';
import type { Constraint as _holdfast_v1_Constraint, Constraint__Output as _holdfast_v1_Constraint__Output } from './holdfast/v1/Constraint.ts';
import type { Coordinator as _holdfast_v1_Coordinator, Coordinator__Output as _holdfast_v1_Coordinator__Output } from './holdfast/v1/Coordinator.ts';
import type { DeviceNumbers as _holdfast_v1_DeviceNumbers, DeviceNumbers__Output as _holdfast_v1_DeviceNumbers__Output } from './holdfast/v1/DeviceNumbers.ts';
import type { ExplainTaskRequest as _holdfast_v1_ExplainTaskRequest, ExplainTaskRequest__Output as _holdfast_v1_ExplainTaskRequest__Output } from './holdfast/v1/ExplainTaskRequest.ts';
import type { ExplainTaskResponse as _holdfast_v1_ExplainTaskResponse, ExplainTaskResponse__Output as _holdfast_v1_ExplainTaskResponse__Output } from './holdfast/v1/ExplainTaskResponse.ts';
import type { GetTaskBatchRequest as _holdfast_v1_GetTaskBatchRequest, GetTaskBatchRequest__Output as _holdfast_v1_GetTaskBatchRequest__Output } from './holdfast/v1/GetTaskBatchRequest.ts';
import type { GetTaskBatchResponse as _holdfast_v1_GetTaskBatchResponse, GetTaskBatchResponse__Output as _holdfast_v1_GetTaskBatchResponse__Output } from './holdfast/v1/GetTaskBatchResponse.ts';
import type { GetTaskRequest as _holdfast_v1_GetTaskRequest, GetTaskRequest__Output as _holdfast_v1_GetTaskRequest__Output } from './holdfast/v1/GetTaskRequest.ts';
import type { GetTaskResponse as _holdfast_v1_GetTaskResponse, GetTaskResponse__Output as _holdfast_v1_GetTaskResponse__Output } from './holdfast/v1/GetTaskResponse.ts';
import type { HoldTaskRequest as _holdfast_v1_HoldTaskRequest, HoldTaskRequest__Output as _holdfast_v1_HoldTaskRequest__Output } from './holdfast/v1/HoldTaskRequest.ts';
import type { HoldTaskResponse as _holdfast_v1_HoldTaskResponse, HoldTaskResponse__Output as _holdfast_v1_HoldTaskResponse__Output } from './holdfast/v1/HoldTaskResponse.ts';
import type { ListTasksRequest as _holdfast_v1_ListTasksRequest, ListTasksRequest__Output as _holdfast_v1_ListTasksRequest__Output } from './holdfast/v1/ListTasksRequest.ts';
import type { ListTasksResponse as _holdfast_v1_ListTasksResponse, ListTasksResponse__Output as _holdfast_v1_ListTasksResponse__Output } from './holdfast/v1/ListTasksResponse.ts';
import type { NodeVerdict as _holdfast_v1_NodeVerdict, NodeVerdict__Output as _holdfast_v1_NodeVerdict__Output } from './holdfast/v1/NodeVerdict.ts';
import type { PausePlacementRequest as _holdfast_v1_PausePlacementRequest, PausePlacementRequest__Output as _holdfast_v1_PausePlacementRequest__Output } from './holdfast/v1/PausePlacementRequest.ts';
import type { PausePlacementResponse as _holdfast_v1_PausePlacementResponse, PausePlacementResponse__Output as _holdfast_v1_PausePlacementResponse__Output } from './holdfast/v1/PausePlacementResponse.ts';
import type { ReadInfo as _holdfast_v1_ReadInfo, ReadInfo__Output as _holdfast_v1_ReadInfo__Output } from './holdfast/v1/ReadInfo.ts';
import type { ReleaseTaskRequest as _holdfast_v1_ReleaseTaskRequest, ReleaseTaskRequest__Output as _holdfast_v1_ReleaseTaskRequest__Output } from './holdfast/v1/ReleaseTaskRequest.ts';
import type { ReleaseTaskResponse as _holdfast_v1_ReleaseTaskResponse, ReleaseTaskResponse__Output as _holdfast_v1_ReleaseTaskResponse__Output } from './holdfast/v1/ReleaseTaskResponse.ts';
import type { ResourceUsage as _holdfast_v1_ResourceUsage, ResourceUsage__Output as _holdfast_v1_ResourceUsage__Output } from './holdfast/v1/ResourceUsage.ts';
import type { Resources as _holdfast_v1_Resources, Resources__Output as _holdfast_v1_Resources__Output } from './holdfast/v1/Resources.ts';
import type { ResumePlacementRequest as _holdfast_v1_ResumePlacementRequest, ResumePlacementRequest__Output as _holdfast_v1_ResumePlacementRequest__Output } from './holdfast/v1/ResumePlacementRequest.ts';
import type { ResumePlacementResponse as _holdfast_v1_ResumePlacementResponse, ResumePlacementResponse__Output as _holdfast_v1_ResumePlacementResponse__Output } from './holdfast/v1/ResumePlacementResponse.ts';
import type { RetryPolicy as _holdfast_v1_RetryPolicy, RetryPolicy__Output as _holdfast_v1_RetryPolicy__Output } from './holdfast/v1/RetryPolicy.ts';
import type { RetryTaskRequest as _holdfast_v1_RetryTaskRequest, RetryTaskRequest__Output as _holdfast_v1_RetryTaskRequest__Output } from './holdfast/v1/RetryTaskRequest.ts';
import type { RetryTaskResponse as _holdfast_v1_RetryTaskResponse, RetryTaskResponse__Output as _holdfast_v1_RetryTaskResponse__Output } from './holdfast/v1/RetryTaskResponse.ts';
import type { StepDownRequest as _holdfast_v1_StepDownRequest, StepDownRequest__Output as _holdfast_v1_StepDownRequest__Output } from './holdfast/v1/StepDownRequest.ts';
import type { StepDownResponse as _holdfast_v1_StepDownResponse, StepDownResponse__Output as _holdfast_v1_StepDownResponse__Output } from './holdfast/v1/StepDownResponse.ts';
import type { SubmitTaskBatchRequest as _holdfast_v1_SubmitTaskBatchRequest, SubmitTaskBatchRequest__Output as _holdfast_v1_SubmitTaskBatchRequest__Output } from './holdfast/v1/SubmitTaskBatchRequest.ts';
import type { SubmitTaskBatchResponse as _holdfast_v1_SubmitTaskBatchResponse, SubmitTaskBatchResponse__Output as _holdfast_v1_SubmitTaskBatchResponse__Output } from './holdfast/v1/SubmitTaskBatchResponse.ts';
import type { SubmitTaskError as _holdfast_v1_SubmitTaskError, SubmitTaskError__Output as _holdfast_v1_SubmitTaskError__Output } from './holdfast/v1/SubmitTaskError.ts';
import type { SubmitTaskRequest as _holdfast_v1_SubmitTaskRequest, SubmitTaskRequest__Output as _holdfast_v1_SubmitTaskRequest__Output } from './holdfast/v1/SubmitTaskRequest.ts';
import type { SubmitTaskResponse as _holdfast_v1_SubmitTaskResponse, SubmitTaskResponse__Output as _holdfast_v1_SubmitTaskResponse__Output } from './holdfast/v1/SubmitTaskResponse.ts';
import type { Task as _holdfast_v1_Task, Task__Output as _holdfast_v1_Task__Output } from './holdfast/v1/Task.ts';
import type { TaskFilter as _holdfast_v1_TaskFilter, TaskFilter__Output as _holdfast_v1_TaskFilter__Output } from './holdfast/v1/TaskFilter.ts';
import type { TaskLogsRequest as _holdfast_v1_TaskLogsRequest, TaskLogsRequest__Output as _holdfast_v1_TaskLogsRequest__Output } from './holdfast/v1/TaskLogsRequest.ts';
import type { TaskLogsResponse as _holdfast_v1_TaskLogsResponse, TaskLogsResponse__Output as _holdfast_v1_TaskLogsResponse__Output } from './holdfast/v1/TaskLogsResponse.ts';
import type { TaskServiceClient as _holdfast_v1_TaskServiceClient, TaskServiceDefinition as _holdfast_v1_TaskServiceDefinition } from './holdfast/v1/TaskService.ts';
import type { TaskSpec as _holdfast_v1_TaskSpec, TaskSpec__Output as _holdfast_v1_TaskSpec__Output } from './holdfast/v1/TaskSpec.ts';
import type { TaskStateCount as _holdfast_v1_TaskStateCount, TaskStateCount__Output as _holdfast_v1_TaskStateCount__Output } from './holdfast/v1/TaskStateCount.ts';
import type { WatchTasksRequest as _holdfast_v1_WatchTasksRequest, WatchTasksRequest__Output as _holdfast_v1_WatchTasksRequest__Output } from './holdfast/v1/WatchTasksRequest.ts';
import type { WatchTasksResponse as _holdfast_v1_WatchTasksResponse, WatchTasksResponse__Output as _holdfast_v1_WatchTasksResponse__Output } from './holdfast/v1/WatchTasksResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  holdfast: {
    v1: {
      Attempt: MessageTypeDefinition<_holdfast_v1_Attempt, _holdfast_v1_Attempt__Output>
      AttemptState: EnumTypeDefinition
      CancelTasksRequest: MessageTypeDefinition<_holdfast_v1_CancelTasksRequest, _holdfast_v1_CancelTasksRequest__Output>
      CancelTasksResponse: MessageTypeDefinition<_holdfast_v1_CancelTasksResponse, _holdfast_v1_CancelTasksResponse__Output>
      ClusterEvent: MessageTypeDefinition<_holdfast_v1_ClusterEvent, _holdfast_v1_ClusterEvent__Output>
      ClusterEventsRequest: MessageTypeDefinition<_holdfast_v1_ClusterEventsRequest, _holdfast_v1_ClusterEventsRequest__Output>
      ClusterEventsResponse: MessageTypeDefinition<_holdfast_v1_ClusterEventsResponse, _holdfast_v1_ClusterEventsResponse__Output>
      ClusterService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_ClusterServiceClient> & { service: _holdfast_v1_ClusterServiceDefinition }
      ClusterStatusRequest: MessageTypeDefinition<_holdfast_v1_ClusterStatusRequest, _holdfast_v1_ClusterStatusRequest__Output>
      ClusterStatusResponse: MessageTypeDefinition<_holdfast_v1_ClusterStatusResponse, _holdfast_v1_ClusterStatusResponse__Output>
      Constraint: MessageTypeDefinition<_holdfast_v1_Constraint, _holdfast_v1_Constraint__Output>
      Coordinator: MessageTypeDefinition<_holdfast_v1_Coordinator, _holdfast_v1_Coordinator__Output>
      DeviceNumbers: MessageTypeDefinition<_holdfast_v1_DeviceNumbers, _holdfast_v1_DeviceNumbers__Output>
      ExplainTaskRequest: MessageTypeDefinition<_holdfast_v1_ExplainTaskRequest, _holdfast_v1_ExplainTaskRequest__Output>
      ExplainTaskResponse: MessageTypeDefinition<_holdfast_v1_ExplainTaskResponse, _holdfast_v1_ExplainTaskResponse__Output>
      GetTaskBatchRequest: MessageTypeDefinition<_holdfast_v1_GetTaskBatchRequest, _holdfast_v1_GetTaskBatchRequest__Output>
      GetTaskBatchResponse: MessageTypeDefinition<_holdfast_v1_GetTaskBatchResponse, _holdfast_v1_GetTaskBatchResponse__Output>
      GetTaskRequest: MessageTypeDefinition<_holdfast_v1_GetTaskRequest, _holdfast_v1_GetTaskRequest__Output>
      GetTaskResponse: MessageTypeDefinition<_holdfast_v1_GetTaskResponse, _holdfast_v1_GetTaskResponse__Output>
      HoldTaskRequest: MessageTypeDefinition<_holdfast_v1_HoldTaskRequest, _holdfast_v1_HoldTaskRequest__Output>
      HoldTaskResponse: MessageTypeDefinition<_holdfast_v1_HoldTaskResponse, _holdfast_v1_HoldTaskResponse__Output>
      ListTasksRequest: MessageTypeDefinition<_holdfast_v1_ListTasksRequest, _holdfast_v1_ListTasksRequest__Output>
      ListTasksResponse: MessageTypeDefinition<_holdfast_v1_ListTasksResponse, _holdfast_v1_ListTasksResponse__Output>
      NodeVerdict: MessageTypeDefinition<_holdfast_v1_NodeVerdict, _holdfast_v1_NodeVerdict__Output>
      PausePlacementRequest: MessageTypeDefinition<_holdfast_v1_PausePlacementRequest, _holdfast_v1_PausePlacementRequest__Output>
      PausePlacementResponse: MessageTypeDefinition<_holdfast_v1_PausePlacementResponse, _holdfast_v1_PausePlacementResponse__Output>
      ReadInfo: MessageTypeDefinition<_holdfast_v1_ReadInfo, _holdfast_v1_ReadInfo__Output>
      ReleaseTaskRequest: MessageTypeDefinition<_holdfast_v1_ReleaseTaskRequest, _holdfast_v1_ReleaseTaskRequest__Output>
      ReleaseTaskResponse: MessageTypeDefinition<_holdfast_v1_ReleaseTaskResponse, _holdfast_v1_ReleaseTaskResponse__Output>
      ResourceUsage: MessageTypeDefinition<_holdfast_v1_ResourceUsage, _holdfast_v1_ResourceUsage__Output>
      Resources: MessageTypeDefinition<_holdfast_v1_Resources, _holdfast_v1_Resources__Output>
      ResumePlacementRequest: MessageTypeDefinition<_holdfast_v1_ResumePlacementRequest, _holdfast_v1_ResumePlacementRequest__Output>
      ResumePlacementResponse: MessageTypeDefinition<_holdfast_v1_ResumePlacementResponse, _holdfast_v1_ResumePlacementResponse__Output>
      RetryPolicy: MessageTypeDefinition<_holdfast_v1_RetryPolicy, _holdfast_v1_RetryPolicy__Output>
      RetryTaskRequest: MessageTypeDefinition<_holdfast_v1_RetryTaskRequest, _holdfast_v1_RetryTaskRequest__Output>
      RetryTaskResponse: MessageTypeDefinition<_holdfast_v1_RetryTaskResponse, _holdfast_v1_RetryTaskResponse__Output>
      StepDownRequest: MessageTypeDefinition<_holdfast_v1_StepDownRequest, _holdfast_v1_StepDownRequest__Output>
      StepDownResponse: MessageTypeDefinition<_holdfast_v1_StepDownResponse, _holdfast_v1_StepDownResponse__Output>
      SubmitTaskBatchRequest: MessageTypeDefinition<_holdfast_v1_SubmitTaskBatchRequest, _holdfast_v1_SubmitTaskBatchRequest__Output>
      SubmitTaskBatchResponse: MessageTypeDefinition<_holdfast_v1_SubmitTaskBatchResponse, _holdfast_v1_SubmitTaskBatchResponse__Output>
      SubmitTaskError: MessageTypeDefinition<_holdfast_v1_SubmitTaskError, _holdfast_v1_SubmitTaskError__Output>
      SubmitTaskRequest: MessageTypeDefinition<_holdfast_v1_SubmitTaskRequest, _holdfast_v1_SubmitTaskRequest__Output>
      SubmitTaskResponse: MessageTypeDefinition<_holdfast_v1_SubmitTaskResponse, _holdfast_v1_SubmitTaskResponse__Output>
      Task: MessageTypeDefinition<_holdfast_v1_Task, _holdfast_v1_Task__Output>
      TaskFilter: MessageTypeDefinition<_holdfast_v1_TaskFilter, _holdfast_v1_TaskFilter__Output>
      TaskLogsRequest: MessageTypeDefinition<_holdfast_v1_TaskLogsRequest, _holdfast_v1_TaskLogsRequest__Output>
      TaskLogsResponse: MessageTypeDefinition<_holdfast_v1_TaskLogsResponse, _holdfast_v1_TaskLogsResponse__Output>
      TaskService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_TaskServiceClient> & { service: _holdfast_v1_TaskServiceDefinition }
      TaskSpec: MessageTypeDefinition<_holdfast_v1_TaskSpec, _holdfast_v1_TaskSpec__Output>
      TaskState: EnumTypeDefinition
      TaskStateCount: MessageTypeDefinition<_holdfast_v1_TaskStateCount, _holdfast_v1_TaskStateCount__Output>
      WatchTasksRequest: MessageTypeDefinition<_holdfast_v1_WatchTasksRequest, _holdfast_v1_WatchTasksRequest__Output>
      WatchTasksResponse: MessageTypeDefinition<_holdfast_v1_WatchTasksResponse, _holdfast_v1_WatchTasksResponse__Output>
    }
  }
}

