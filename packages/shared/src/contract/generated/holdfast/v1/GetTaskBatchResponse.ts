// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskStateCount as _holdfast_v1_TaskStateCount, TaskStateCount__Output as _holdfast_v1_TaskStateCount__Output } from '../../holdfast/v1/TaskStateCount.ts';
import type { ReadInfo as _holdfast_v1_ReadInfo, ReadInfo__Output as _holdfast_v1_ReadInfo__Output } from '../../holdfast/v1/ReadInfo.ts';
import type { Long } from '@grpc/proto-loader';

export interface GetTaskBatchResponse {
  'batchId'?: (string);
  'namespace'?: (string);
  'submittedAtMs'?: (number | string | Long);
  'counts'?: (_holdfast_v1_TaskStateCount)[];
  'total'?: (number | string | Long);
  'ended'?: (number | string | Long);
  'read'?: (_holdfast_v1_ReadInfo | null);
}

export interface GetTaskBatchResponse__Output {
  'batchId'?: (string);
  'namespace'?: (string);
  'submittedAtMs'?: (number);
  'counts'?: (_holdfast_v1_TaskStateCount__Output)[];
  'total'?: (number);
  'ended'?: (number);
  'read'?: (_holdfast_v1_ReadInfo__Output);
}
