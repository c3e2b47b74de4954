// Original file: ../../proto/holdfast/v1/task.proto

import type { Task as _holdfast_v1_Task, Task__Output as _holdfast_v1_Task__Output } from '../../holdfast/v1/Task.ts';

export interface WatchTasksResponse {
  'tasks'?: (_holdfast_v1_Task)[];
  'revision'?: (string);
  'caughtUp'?: (boolean);
}

export interface WatchTasksResponse__Output {
  'tasks'?: (_holdfast_v1_Task__Output)[];
  'revision'?: (string);
  'caughtUp'?: (boolean);
}
