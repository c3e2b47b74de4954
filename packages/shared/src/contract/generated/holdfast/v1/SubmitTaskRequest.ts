// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskSpec as _holdfast_v1_TaskSpec, TaskSpec__Output as _holdfast_v1_TaskSpec__Output } from '../../holdfast/v1/TaskSpec.ts';

export interface SubmitTaskRequest {
  'namespace'?: (string);
  'requestId'?: (string);
  'spec'?: (_holdfast_v1_TaskSpec | null);
}

export interface SubmitTaskRequest__Output {
  'namespace'?: (string);
  'requestId'?: (string);
  'spec'?: (_holdfast_v1_TaskSpec__Output);
}
