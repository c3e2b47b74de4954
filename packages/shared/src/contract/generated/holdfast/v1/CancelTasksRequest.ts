// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskFilter as _holdfast_v1_TaskFilter, TaskFilter__Output as _holdfast_v1_TaskFilter__Output } from '../../holdfast/v1/TaskFilter.ts';

export interface CancelTasksRequest {
  'namespace'?: (string);
  'taskId'?: (string);
  'filter'?: (_holdfast_v1_TaskFilter | null);
  'reason'?: (string);
  'target'?: "taskId"|"filter";
}

export interface CancelTasksRequest__Output {
  'namespace'?: (string);
  'taskId'?: (string);
  'filter'?: (_holdfast_v1_TaskFilter__Output);
  'reason'?: (string);
  'target'?: "taskId"|"filter";
}
