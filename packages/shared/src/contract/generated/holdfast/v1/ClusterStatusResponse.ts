// Original file: ../../proto/holdfast/v1/cluster.proto

import type { Coordinator as _holdfast_v1_Coordinator, Coordinator__Output as _holdfast_v1_Coordinator__Output } from '../../holdfast/v1/Coordinator.ts';
import type { TaskStateCount as _holdfast_v1_TaskStateCount, TaskStateCount__Output as _holdfast_v1_TaskStateCount__Output } from '../../holdfast/v1/TaskStateCount.ts';
import type { ReadInfo as _holdfast_v1_ReadInfo, ReadInfo__Output as _holdfast_v1_ReadInfo__Output } from '../../holdfast/v1/ReadInfo.ts';
import type { Resources as _holdfast_v1_Resources, Resources__Output as _holdfast_v1_Resources__Output } from '../../holdfast/v1/Resources.ts';
import type { Long } from '@grpc/proto-loader';

export interface ClusterStatusResponse {
  'cell'?: (string);
  'leaderId'?: (string);
  'leaderAddress'?: (string);
  'epoch'?: (number | string | Long);
  'coordinators'?: (_holdfast_v1_Coordinator)[];
  'nodes'?: ({[key: string]: number | string | Long});
  'tasks'?: (_holdfast_v1_TaskStateCount)[];
  'placementPaused'?: (boolean);
  'placementPausedReason'?: (string);
  'frozenReason'?: (string);
  'read'?: (_holdfast_v1_ReadInfo | null);
  'version'?: (string);
  'allocatable'?: (_holdfast_v1_Resources | null);
  'promised'?: (_holdfast_v1_Resources | null);
}

export interface ClusterStatusResponse__Output {
  'cell'?: (string);
  'leaderId'?: (string);
  'leaderAddress'?: (string);
  'epoch'?: (number);
  'coordinators'?: (_holdfast_v1_Coordinator__Output)[];
  'nodes'?: ({[key: string]: number});
  'tasks'?: (_holdfast_v1_TaskStateCount__Output)[];
  'placementPaused'?: (boolean);
  'placementPausedReason'?: (string);
  'frozenReason'?: (string);
  'read'?: (_holdfast_v1_ReadInfo__Output);
  'version'?: (string);
  'allocatable'?: (_holdfast_v1_Resources__Output);
  'promised'?: (_holdfast_v1_Resources__Output);
}
