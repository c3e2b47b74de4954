// Original file: ../../proto/holdfast/v1/task.proto

import type { Task as _holdfast_v1_Task, Task__Output as _holdfast_v1_Task__Output } from '../../holdfast/v1/Task.ts';
import type { ReadInfo as _holdfast_v1_ReadInfo, ReadInfo__Output as _holdfast_v1_ReadInfo__Output } from '../../holdfast/v1/ReadInfo.ts';

export interface ListTasksResponse {
  'tasks'?: (_holdfast_v1_Task)[];
  'nextPageToken'?: (string);
  'read'?: (_holdfast_v1_ReadInfo | null);
}

export interface ListTasksResponse__Output {
  'tasks'?: (_holdfast_v1_Task__Output)[];
  'nextPageToken'?: (string);
  'read'?: (_holdfast_v1_ReadInfo__Output);
}
