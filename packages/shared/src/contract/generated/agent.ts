import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Acknowledgements as _holdfast_v1_Acknowledgements, Acknowledgements__Output as _holdfast_v1_Acknowledgements__Output } from './holdfast/v1/Acknowledgements.ts';
import type { AgentMessage as _holdfast_v1_AgentMessage, AgentMessage__Output as _holdfast_v1_AgentMessage__Output } from './holdfast/v1/AgentMessage.ts';
import type { AgentServiceClient as _holdfast_v1_AgentServiceClient, AgentServiceDefinition as _holdfast_v1_AgentServiceDefinition } from './holdfast/v1/AgentService.ts';
import type { Attempt as _holdfast_v1_Attempt, Attempt__Output as _holdfast_v1_Attempt__Output } from './holdfast/v1/Attempt.ts';
import type { AttemptId as _holdfast_v1_AttemptId, AttemptId__Output as _holdfast_v1_AttemptId__Output } from './holdfast/v1/AttemptId.ts';
import type { AttemptReport as _holdfast_v1_AttemptReport, AttemptReport__Output as _holdfast_v1_AttemptReport__Output } from './holdfast/v1/AttemptReport.ts';
import type { AttemptReports as _holdfast_v1_AttemptReports, AttemptReports__Output as _holdfast_v1_AttemptReports__Output } from './holdfast/v1/AttemptReports.ts';
import type { Beat as _holdfast_v1_Beat, Beat__Output as _holdfast_v1_Beat__Output } from './holdfast/v1/Beat.ts';
import type { CancelTasksRequest as _holdfast_v1_CancelTasksRequest, CancelTasksRequest__Output as _holdfast_v1_CancelTasksRequest__Output } from './holdfast/v1/CancelTasksRequest.ts';
import type { CancelTasksResponse as _holdfast_v1_CancelTasksResponse, CancelTasksResponse__Output as _holdfast_v1_CancelTasksResponse__Output } from './holdfast/v1/CancelTasksResponse.ts';
import type { ConfirmNodeDeadRequest as _holdfast_v1_ConfirmNodeDeadRequest, ConfirmNodeDeadRequest__Output as _holdfast_v1_ConfirmNodeDeadRequest__Output } from './holdfast/v1/ConfirmNodeDeadRequest.ts';
import type { ConfirmNodeDeadResponse as _holdfast_v1_ConfirmNodeDeadResponse, ConfirmNodeDeadResponse__Output as _holdfast_v1_ConfirmNodeDeadResponse__Output } from './holdfast/v1/ConfirmNodeDeadResponse.ts';
import type { Constraint as _holdfast_v1_Constraint, Constraint__Output as _holdfast_v1_Constraint__Output } from './holdfast/v1/Constraint.ts';
import type { CoordinatorMessage as _holdfast_v1_CoordinatorMessage, CoordinatorMessage__Output as _holdfast_v1_CoordinatorMessage__Output } from './holdfast/v1/CoordinatorMessage.ts';
import type { CordonNodeRequest as _holdfast_v1_CordonNodeRequest, CordonNodeRequest__Output as _holdfast_v1_CordonNodeRequest__Output } from './holdfast/v1/CordonNodeRequest.ts';
import type { CordonNodeResponse as _holdfast_v1_CordonNodeResponse, CordonNodeResponse__Output as _holdfast_v1_CordonNodeResponse__Output } from './holdfast/v1/CordonNodeResponse.ts';
import type { DeviceNumbers as _holdfast_v1_DeviceNumbers, DeviceNumbers__Output as _holdfast_v1_DeviceNumbers__Output } from './holdfast/v1/DeviceNumbers.ts';
import type { DiskMetrics as _holdfast_v1_DiskMetrics, DiskMetrics__Output as _holdfast_v1_DiskMetrics__Output } from './holdfast/v1/DiskMetrics.ts';
import type { Drain as _holdfast_v1_Drain, Drain__Output as _holdfast_v1_Drain__Output } from './holdfast/v1/Drain.ts';
import type { DrainNodeRequest as _holdfast_v1_DrainNodeRequest, DrainNodeRequest__Output as _holdfast_v1_DrainNodeRequest__Output } from './holdfast/v1/DrainNodeRequest.ts';
import type { DrainNodeResponse as _holdfast_v1_DrainNodeResponse, DrainNodeResponse__Output as _holdfast_v1_DrainNodeResponse__Output } from './holdfast/v1/DrainNodeResponse.ts';
import type { Echo as _holdfast_v1_Echo, Echo__Output as _holdfast_v1_Echo__Output } from './holdfast/v1/Echo.ts';
import type { EpochRefused as _holdfast_v1_EpochRefused, EpochRefused__Output as _holdfast_v1_EpochRefused__Output } from './holdfast/v1/EpochRefused.ts';
import type { ExplainTaskRequest as _holdfast_v1_ExplainTaskRequest, ExplainTaskRequest__Output as _holdfast_v1_ExplainTaskRequest__Output } from './holdfast/v1/ExplainTaskRequest.ts';
import type { ExplainTaskResponse as _holdfast_v1_ExplainTaskResponse, ExplainTaskResponse__Output as _holdfast_v1_ExplainTaskResponse__Output } from './holdfast/v1/ExplainTaskResponse.ts';
import type { Farewell as _holdfast_v1_Farewell, Farewell__Output as _holdfast_v1_Farewell__Output } from './holdfast/v1/Farewell.ts';
import type { GetNodeRequest as _holdfast_v1_GetNodeRequest, GetNodeRequest__Output as _holdfast_v1_GetNodeRequest__Output } from './holdfast/v1/GetNodeRequest.ts';
import type { GetNodeResponse as _holdfast_v1_GetNodeResponse, GetNodeResponse__Output as _holdfast_v1_GetNodeResponse__Output } from './holdfast/v1/GetNodeResponse.ts';
import type { GetTaskBatchRequest as _holdfast_v1_GetTaskBatchRequest, GetTaskBatchRequest__Output as _holdfast_v1_GetTaskBatchRequest__Output } from './holdfast/v1/GetTaskBatchRequest.ts';
import type { GetTaskBatchResponse as _holdfast_v1_GetTaskBatchResponse, GetTaskBatchResponse__Output as _holdfast_v1_GetTaskBatchResponse__Output } from './holdfast/v1/GetTaskBatchResponse.ts';
import type { GetTaskRequest as _holdfast_v1_GetTaskRequest, GetTaskRequest__Output as _holdfast_v1_GetTaskRequest__Output } from './holdfast/v1/GetTaskRequest.ts';
import type { GetTaskResponse as _holdfast_v1_GetTaskResponse, GetTaskResponse__Output as _holdfast_v1_GetTaskResponse__Output } from './holdfast/v1/GetTaskResponse.ts';
import type { Gpu as _holdfast_v1_Gpu, Gpu__Output as _holdfast_v1_Gpu__Output } from './holdfast/v1/Gpu.ts';
import type { GpuMetrics as _holdfast_v1_GpuMetrics, GpuMetrics__Output as _holdfast_v1_GpuMetrics__Output } from './holdfast/v1/GpuMetrics.ts';
import type { Hello as _holdfast_v1_Hello, Hello__Output as _holdfast_v1_Hello__Output } from './holdfast/v1/Hello.ts';
import type { HoldTaskRequest as _holdfast_v1_HoldTaskRequest, HoldTaskRequest__Output as _holdfast_v1_HoldTaskRequest__Output } from './holdfast/v1/HoldTaskRequest.ts';
import type { HoldTaskResponse as _holdfast_v1_HoldTaskResponse, HoldTaskResponse__Output as _holdfast_v1_HoldTaskResponse__Output } from './holdfast/v1/HoldTaskResponse.ts';
import type { InterfaceMetrics as _holdfast_v1_InterfaceMetrics, InterfaceMetrics__Output as _holdfast_v1_InterfaceMetrics__Output } from './holdfast/v1/InterfaceMetrics.ts';
import type { Inventory as _holdfast_v1_Inventory, Inventory__Output as _holdfast_v1_Inventory__Output } from './holdfast/v1/Inventory.ts';
import type { Leading as _holdfast_v1_Leading, Leading__Output as _holdfast_v1_Leading__Output } from './holdfast/v1/Leading.ts';
import type { LeaseGrant as _holdfast_v1_LeaseGrant, LeaseGrant__Output as _holdfast_v1_LeaseGrant__Output } from './holdfast/v1/LeaseGrant.ts';
import type { ListNodesRequest as _holdfast_v1_ListNodesRequest, ListNodesRequest__Output as _holdfast_v1_ListNodesRequest__Output } from './holdfast/v1/ListNodesRequest.ts';
import type { ListNodesResponse as _holdfast_v1_ListNodesResponse, ListNodesResponse__Output as _holdfast_v1_ListNodesResponse__Output } from './holdfast/v1/ListNodesResponse.ts';
import type { ListTasksRequest as _holdfast_v1_ListTasksRequest, ListTasksRequest__Output as _holdfast_v1_ListTasksRequest__Output } from './holdfast/v1/ListTasksRequest.ts';
import type { ListTasksResponse as _holdfast_v1_ListTasksResponse, ListTasksResponse__Output as _holdfast_v1_ListTasksResponse__Output } from './holdfast/v1/ListTasksResponse.ts';
import type { Node as _holdfast_v1_Node, Node__Output as _holdfast_v1_Node__Output } from './holdfast/v1/Node.ts';
import type { NodeCheck as _holdfast_v1_NodeCheck, NodeCheck__Output as _holdfast_v1_NodeCheck__Output } from './holdfast/v1/NodeCheck.ts';
import type { NodeChecks as _holdfast_v1_NodeChecks, NodeChecks__Output as _holdfast_v1_NodeChecks__Output } from './holdfast/v1/NodeChecks.ts';
import type { NodeMetrics as _holdfast_v1_NodeMetrics, NodeMetrics__Output as _holdfast_v1_NodeMetrics__Output } from './holdfast/v1/NodeMetrics.ts';
import type { NodeSeries as _holdfast_v1_NodeSeries, NodeSeries__Output as _holdfast_v1_NodeSeries__Output } from './holdfast/v1/NodeSeries.ts';
import type { NodeSeriesRequest as _holdfast_v1_NodeSeriesRequest, NodeSeriesRequest__Output as _holdfast_v1_NodeSeriesRequest__Output } from './holdfast/v1/NodeSeriesRequest.ts';
import type { NodeSeriesResponse as _holdfast_v1_NodeSeriesResponse, NodeSeriesResponse__Output as _holdfast_v1_NodeSeriesResponse__Output } from './holdfast/v1/NodeSeriesResponse.ts';
import type { NodeServiceClient as _holdfast_v1_NodeServiceClient, NodeServiceDefinition as _holdfast_v1_NodeServiceDefinition } from './holdfast/v1/NodeService.ts';
import type { NodeVerdict as _holdfast_v1_NodeVerdict, NodeVerdict__Output as _holdfast_v1_NodeVerdict__Output } from './holdfast/v1/NodeVerdict.ts';
import type { Order as _holdfast_v1_Order, Order__Output as _holdfast_v1_Order__Output } from './holdfast/v1/Order.ts';
import type { Orders as _holdfast_v1_Orders, Orders__Output as _holdfast_v1_Orders__Output } from './holdfast/v1/Orders.ts';
import type { OutputChunk as _holdfast_v1_OutputChunk, OutputChunk__Output as _holdfast_v1_OutputChunk__Output } from './holdfast/v1/OutputChunk.ts';
import type { OutputRequest as _holdfast_v1_OutputRequest, OutputRequest__Output as _holdfast_v1_OutputRequest__Output } from './holdfast/v1/OutputRequest.ts';
import type { ReadInfo as _holdfast_v1_ReadInfo, ReadInfo__Output as _holdfast_v1_ReadInfo__Output } from './holdfast/v1/ReadInfo.ts';
import type { ReleaseTaskRequest as _holdfast_v1_ReleaseTaskRequest, ReleaseTaskRequest__Output as _holdfast_v1_ReleaseTaskRequest__Output } from './holdfast/v1/ReleaseTaskRequest.ts';
import type { ReleaseTaskResponse as _holdfast_v1_ReleaseTaskResponse, ReleaseTaskResponse__Output as _holdfast_v1_ReleaseTaskResponse__Output } from './holdfast/v1/ReleaseTaskResponse.ts';
import type { RemoveNodeRequest as _holdfast_v1_RemoveNodeRequest, RemoveNodeRequest__Output as _holdfast_v1_RemoveNodeRequest__Output } from './holdfast/v1/RemoveNodeRequest.ts';
import type { RemoveNodeResponse as _holdfast_v1_RemoveNodeResponse, RemoveNodeResponse__Output as _holdfast_v1_RemoveNodeResponse__Output } from './holdfast/v1/RemoveNodeResponse.ts';
import type { ResourceUsage as _holdfast_v1_ResourceUsage, ResourceUsage__Output as _holdfast_v1_ResourceUsage__Output } from './holdfast/v1/ResourceUsage.ts';
import type { Resources as _holdfast_v1_Resources, Resources__Output as _holdfast_v1_Resources__Output } from './holdfast/v1/Resources.ts';
import type { RetryPolicy as _holdfast_v1_RetryPolicy, RetryPolicy__Output as _holdfast_v1_RetryPolicy__Output } from './holdfast/v1/RetryPolicy.ts';
import type { RetryTaskRequest as _holdfast_v1_RetryTaskRequest, RetryTaskRequest__Output as _holdfast_v1_RetryTaskRequest__Output } from './holdfast/v1/RetryTaskRequest.ts';
import type { RetryTaskResponse as _holdfast_v1_RetryTaskResponse, RetryTaskResponse__Output as _holdfast_v1_RetryTaskResponse__Output } from './holdfast/v1/RetryTaskResponse.ts';
import type { RoundTrip as _holdfast_v1_RoundTrip, RoundTrip__Output as _holdfast_v1_RoundTrip__Output } from './holdfast/v1/RoundTrip.ts';
import type { StartOrder as _holdfast_v1_StartOrder, StartOrder__Output as _holdfast_v1_StartOrder__Output } from './holdfast/v1/StartOrder.ts';
import type { StopOrder as _holdfast_v1_StopOrder, StopOrder__Output as _holdfast_v1_StopOrder__Output } from './holdfast/v1/StopOrder.ts';
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
import type { UncordonNodeRequest as _holdfast_v1_UncordonNodeRequest, UncordonNodeRequest__Output as _holdfast_v1_UncordonNodeRequest__Output } from './holdfast/v1/UncordonNodeRequest.ts';
import type { UncordonNodeResponse as _holdfast_v1_UncordonNodeResponse, UncordonNodeResponse__Output as _holdfast_v1_UncordonNodeResponse__Output } from './holdfast/v1/UncordonNodeResponse.ts';
import type { WatchNodesRequest as _holdfast_v1_WatchNodesRequest, WatchNodesRequest__Output as _holdfast_v1_WatchNodesRequest__Output } from './holdfast/v1/WatchNodesRequest.ts';
import type { WatchNodesResponse as _holdfast_v1_WatchNodesResponse, WatchNodesResponse__Output as _holdfast_v1_WatchNodesResponse__Output } from './holdfast/v1/WatchNodesResponse.ts';
import type { WatchTasksRequest as _holdfast_v1_WatchTasksRequest, WatchTasksRequest__Output as _holdfast_v1_WatchTasksRequest__Output } from './holdfast/v1/WatchTasksRequest.ts';
import type { WatchTasksResponse as _holdfast_v1_WatchTasksResponse, WatchTasksResponse__Output as _holdfast_v1_WatchTasksResponse__Output } from './holdfast/v1/WatchTasksResponse.ts';
import type { Welcome as _holdfast_v1_Welcome, Welcome__Output as _holdfast_v1_Welcome__Output } from './holdfast/v1/Welcome.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  holdfast: {
    v1: {
      Acknowledgements: MessageTypeDefinition<_holdfast_v1_Acknowledgements, _holdfast_v1_Acknowledgements__Output>
      AgentMessage: MessageTypeDefinition<_holdfast_v1_AgentMessage, _holdfast_v1_AgentMessage__Output>
      AgentService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_AgentServiceClient> & { service: _holdfast_v1_AgentServiceDefinition }
      Attempt: MessageTypeDefinition<_holdfast_v1_Attempt, _holdfast_v1_Attempt__Output>
      AttemptId: MessageTypeDefinition<_holdfast_v1_AttemptId, _holdfast_v1_AttemptId__Output>
      AttemptReport: MessageTypeDefinition<_holdfast_v1_AttemptReport, _holdfast_v1_AttemptReport__Output>
      AttemptReports: MessageTypeDefinition<_holdfast_v1_AttemptReports, _holdfast_v1_AttemptReports__Output>
      AttemptState: EnumTypeDefinition
      Beat: MessageTypeDefinition<_holdfast_v1_Beat, _holdfast_v1_Beat__Output>
      CancelTasksRequest: MessageTypeDefinition<_holdfast_v1_CancelTasksRequest, _holdfast_v1_CancelTasksRequest__Output>
      CancelTasksResponse: MessageTypeDefinition<_holdfast_v1_CancelTasksResponse, _holdfast_v1_CancelTasksResponse__Output>
      ConfirmNodeDeadRequest: MessageTypeDefinition<_holdfast_v1_ConfirmNodeDeadRequest, _holdfast_v1_ConfirmNodeDeadRequest__Output>
      ConfirmNodeDeadResponse: MessageTypeDefinition<_holdfast_v1_ConfirmNodeDeadResponse, _holdfast_v1_ConfirmNodeDeadResponse__Output>
      Constraint: MessageTypeDefinition<_holdfast_v1_Constraint, _holdfast_v1_Constraint__Output>
      CoordinatorMessage: MessageTypeDefinition<_holdfast_v1_CoordinatorMessage, _holdfast_v1_CoordinatorMessage__Output>
      CordonNodeRequest: MessageTypeDefinition<_holdfast_v1_CordonNodeRequest, _holdfast_v1_CordonNodeRequest__Output>
      CordonNodeResponse: MessageTypeDefinition<_holdfast_v1_CordonNodeResponse, _holdfast_v1_CordonNodeResponse__Output>
      DeviceNumbers: MessageTypeDefinition<_holdfast_v1_DeviceNumbers, _holdfast_v1_DeviceNumbers__Output>
      DiskMetrics: MessageTypeDefinition<_holdfast_v1_DiskMetrics, _holdfast_v1_DiskMetrics__Output>
      Drain: MessageTypeDefinition<_holdfast_v1_Drain, _holdfast_v1_Drain__Output>
      DrainNodeRequest: MessageTypeDefinition<_holdfast_v1_DrainNodeRequest, _holdfast_v1_DrainNodeRequest__Output>
      DrainNodeResponse: MessageTypeDefinition<_holdfast_v1_DrainNodeResponse, _holdfast_v1_DrainNodeResponse__Output>
      Echo: MessageTypeDefinition<_holdfast_v1_Echo, _holdfast_v1_Echo__Output>
      EpochRefused: MessageTypeDefinition<_holdfast_v1_EpochRefused, _holdfast_v1_EpochRefused__Output>
      ExplainTaskRequest: MessageTypeDefinition<_holdfast_v1_ExplainTaskRequest, _holdfast_v1_ExplainTaskRequest__Output>
      ExplainTaskResponse: MessageTypeDefinition<_holdfast_v1_ExplainTaskResponse, _holdfast_v1_ExplainTaskResponse__Output>
      Farewell: MessageTypeDefinition<_holdfast_v1_Farewell, _holdfast_v1_Farewell__Output>
      GetNodeRequest: MessageTypeDefinition<_holdfast_v1_GetNodeRequest, _holdfast_v1_GetNodeRequest__Output>
      GetNodeResponse: MessageTypeDefinition<_holdfast_v1_GetNodeResponse, _holdfast_v1_GetNodeResponse__Output>
      GetTaskBatchRequest: MessageTypeDefinition<_holdfast_v1_GetTaskBatchRequest, _holdfast_v1_GetTaskBatchRequest__Output>
      GetTaskBatchResponse: MessageTypeDefinition<_holdfast_v1_GetTaskBatchResponse, _holdfast_v1_GetTaskBatchResponse__Output>
      GetTaskRequest: MessageTypeDefinition<_holdfast_v1_GetTaskRequest, _holdfast_v1_GetTaskRequest__Output>
      GetTaskResponse: MessageTypeDefinition<_holdfast_v1_GetTaskResponse, _holdfast_v1_GetTaskResponse__Output>
      Gpu: MessageTypeDefinition<_holdfast_v1_Gpu, _holdfast_v1_Gpu__Output>
      GpuMetrics: MessageTypeDefinition<_holdfast_v1_GpuMetrics, _holdfast_v1_GpuMetrics__Output>
      Health: EnumTypeDefinition
      Hello: MessageTypeDefinition<_holdfast_v1_Hello, _holdfast_v1_Hello__Output>
      HoldTaskRequest: MessageTypeDefinition<_holdfast_v1_HoldTaskRequest, _holdfast_v1_HoldTaskRequest__Output>
      HoldTaskResponse: MessageTypeDefinition<_holdfast_v1_HoldTaskResponse, _holdfast_v1_HoldTaskResponse__Output>
      InterfaceMetrics: MessageTypeDefinition<_holdfast_v1_InterfaceMetrics, _holdfast_v1_InterfaceMetrics__Output>
      Inventory: MessageTypeDefinition<_holdfast_v1_Inventory, _holdfast_v1_Inventory__Output>
      Leading: MessageTypeDefinition<_holdfast_v1_Leading, _holdfast_v1_Leading__Output>
      LeaseGrant: MessageTypeDefinition<_holdfast_v1_LeaseGrant, _holdfast_v1_LeaseGrant__Output>
      ListNodesRequest: MessageTypeDefinition<_holdfast_v1_ListNodesRequest, _holdfast_v1_ListNodesRequest__Output>
      ListNodesResponse: MessageTypeDefinition<_holdfast_v1_ListNodesResponse, _holdfast_v1_ListNodesResponse__Output>
      ListTasksRequest: MessageTypeDefinition<_holdfast_v1_ListTasksRequest, _holdfast_v1_ListTasksRequest__Output>
      ListTasksResponse: MessageTypeDefinition<_holdfast_v1_ListTasksResponse, _holdfast_v1_ListTasksResponse__Output>
      Node: MessageTypeDefinition<_holdfast_v1_Node, _holdfast_v1_Node__Output>
      NodeCheck: MessageTypeDefinition<_holdfast_v1_NodeCheck, _holdfast_v1_NodeCheck__Output>
      NodeChecks: MessageTypeDefinition<_holdfast_v1_NodeChecks, _holdfast_v1_NodeChecks__Output>
      NodeMetrics: MessageTypeDefinition<_holdfast_v1_NodeMetrics, _holdfast_v1_NodeMetrics__Output>
      NodeSeries: MessageTypeDefinition<_holdfast_v1_NodeSeries, _holdfast_v1_NodeSeries__Output>
      NodeSeriesRequest: MessageTypeDefinition<_holdfast_v1_NodeSeriesRequest, _holdfast_v1_NodeSeriesRequest__Output>
      NodeSeriesResponse: MessageTypeDefinition<_holdfast_v1_NodeSeriesResponse, _holdfast_v1_NodeSeriesResponse__Output>
      NodeService: SubtypeConstructor<typeof grpc.Client, _holdfast_v1_NodeServiceClient> & { service: _holdfast_v1_NodeServiceDefinition }
      NodeState: EnumTypeDefinition
      NodeVerdict: MessageTypeDefinition<_holdfast_v1_NodeVerdict, _holdfast_v1_NodeVerdict__Output>
      Order: MessageTypeDefinition<_holdfast_v1_Order, _holdfast_v1_Order__Output>
      Orders: MessageTypeDefinition<_holdfast_v1_Orders, _holdfast_v1_Orders__Output>
      OutputChunk: MessageTypeDefinition<_holdfast_v1_OutputChunk, _holdfast_v1_OutputChunk__Output>
      OutputRequest: MessageTypeDefinition<_holdfast_v1_OutputRequest, _holdfast_v1_OutputRequest__Output>
      ReadInfo: MessageTypeDefinition<_holdfast_v1_ReadInfo, _holdfast_v1_ReadInfo__Output>
      ReleaseTaskRequest: MessageTypeDefinition<_holdfast_v1_ReleaseTaskRequest, _holdfast_v1_ReleaseTaskRequest__Output>
      ReleaseTaskResponse: MessageTypeDefinition<_holdfast_v1_ReleaseTaskResponse, _holdfast_v1_ReleaseTaskResponse__Output>
      RemoveNodeRequest: MessageTypeDefinition<_holdfast_v1_RemoveNodeRequest, _holdfast_v1_RemoveNodeRequest__Output>
      RemoveNodeResponse: MessageTypeDefinition<_holdfast_v1_RemoveNodeResponse, _holdfast_v1_RemoveNodeResponse__Output>
      ResourceUsage: MessageTypeDefinition<_holdfast_v1_ResourceUsage, _holdfast_v1_ResourceUsage__Output>
      Resources: MessageTypeDefinition<_holdfast_v1_Resources, _holdfast_v1_Resources__Output>
      RetryPolicy: MessageTypeDefinition<_holdfast_v1_RetryPolicy, _holdfast_v1_RetryPolicy__Output>
      RetryTaskRequest: MessageTypeDefinition<_holdfast_v1_RetryTaskRequest, _holdfast_v1_RetryTaskRequest__Output>
      RetryTaskResponse: MessageTypeDefinition<_holdfast_v1_RetryTaskResponse, _holdfast_v1_RetryTaskResponse__Output>
      RoundTrip: MessageTypeDefinition<_holdfast_v1_RoundTrip, _holdfast_v1_RoundTrip__Output>
      StartOrder: MessageTypeDefinition<_holdfast_v1_StartOrder, _holdfast_v1_StartOrder__Output>
      StopOrder: MessageTypeDefinition<_holdfast_v1_StopOrder, _holdfast_v1_StopOrder__Output>
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
      UncordonNodeRequest: MessageTypeDefinition<_holdfast_v1_UncordonNodeRequest, _holdfast_v1_UncordonNodeRequest__Output>
      UncordonNodeResponse: MessageTypeDefinition<_holdfast_v1_UncordonNodeResponse, _holdfast_v1_UncordonNodeResponse__Output>
      WatchNodesRequest: MessageTypeDefinition<_holdfast_v1_WatchNodesRequest, _holdfast_v1_WatchNodesRequest__Output>
      WatchNodesResponse: MessageTypeDefinition<_holdfast_v1_WatchNodesResponse, _holdfast_v1_WatchNodesResponse__Output>
      WatchTasksRequest: MessageTypeDefinition<_holdfast_v1_WatchTasksRequest, _holdfast_v1_WatchTasksRequest__Output>
      WatchTasksResponse: MessageTypeDefinition<_holdfast_v1_WatchTasksResponse, _holdfast_v1_WatchTasksResponse__Output>
      Welcome: MessageTypeDefinition<_holdfast_v1_Welcome, _holdfast_v1_Welcome__Output>
    }
  }
}

