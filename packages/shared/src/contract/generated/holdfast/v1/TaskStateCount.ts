// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskState as _holdfast_v1_TaskState, TaskState__Output as _holdfast_v1_TaskState__Output } from '../../holdfast/v1/TaskState.ts';
import type { Long } from '@grpc/proto-loader';

export interface TaskStateCount {
  'state'?: (_holdfast_v1_TaskState);
  'count'?: (number | string | Long);
}

export interface TaskStateCount__Output {
  'state'?: (_holdfast_v1_TaskState__Output);
  'count'?: (number);
}
