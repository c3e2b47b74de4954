// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskSpec as _holdfast_v1_TaskSpec, TaskSpec__Output as _holdfast_v1_TaskSpec__Output } from '../../holdfast/v1/TaskSpec.ts';

export interface SubmitTaskBatchRequest {
  'namespace'?: (string);
  'requestId'?: (string);
  'specs'?: (_holdfast_v1_TaskSpec)[];
  'allowPartial'?: (boolean);
  'batchId'?: (string);
}

export interface SubmitTaskBatchRequest__Output {
  'namespace'?: (string);
  'requestId'?: (string);
  'specs'?: (_holdfast_v1_TaskSpec__Output)[];
  'allowPartial'?: (boolean);
  'batchId'?: (string);
}
