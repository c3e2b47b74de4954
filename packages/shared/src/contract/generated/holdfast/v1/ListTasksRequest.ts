// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskFilter as _holdfast_v1_TaskFilter, TaskFilter__Output as _holdfast_v1_TaskFilter__Output } from '../../holdfast/v1/TaskFilter.ts';

export interface ListTasksRequest {
  'namespace'?: (string);
  'filter'?: (_holdfast_v1_TaskFilter | null);
  'pageSize'?: (number);
  'pageToken'?: (string);
  'minRevision'?: (string);
  'newestFirst'?: (boolean);
}

export interface ListTasksRequest__Output {
  'namespace'?: (string);
  'filter'?: (_holdfast_v1_TaskFilter__Output);
  'pageSize'?: (number);
  'pageToken'?: (string);
  'minRevision'?: (string);
  'newestFirst'?: (boolean);
}
