// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskState as _holdfast_v1_TaskState, TaskState__Output as _holdfast_v1_TaskState__Output } from '../../holdfast/v1/TaskState.ts';

export interface TaskFilter {
  'states'?: (_holdfast_v1_TaskState)[];
  'labels'?: ({[key: string]: string});
  'batchId'?: (string);
  'nodeId'?: (string);
  'name'?: (string);
}

export interface TaskFilter__Output {
  'states'?: (_holdfast_v1_TaskState__Output)[];
  'labels'?: ({[key: string]: string});
  'batchId'?: (string);
  'nodeId'?: (string);
  'name'?: (string);
}
