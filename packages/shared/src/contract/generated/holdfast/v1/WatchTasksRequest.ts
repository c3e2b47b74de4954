// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskFilter as _holdfast_v1_TaskFilter, TaskFilter__Output as _holdfast_v1_TaskFilter__Output } from '../../holdfast/v1/TaskFilter.ts';

export interface WatchTasksRequest {
  'namespace'?: (string);
  'taskId'?: (string);
  'filter'?: (_holdfast_v1_TaskFilter | null);
  'fromRevision'?: (string);
  'untilEnded'?: (boolean);
  'target'?: "taskId"|"filter";
}

export interface WatchTasksRequest__Output {
  'namespace'?: (string);
  'taskId'?: (string);
  'filter'?: (_holdfast_v1_TaskFilter__Output);
  'fromRevision'?: (string);
  'untilEnded'?: (boolean);
  'target'?: "taskId"|"filter";
}
