// Original file: ../../proto/holdfast/v1/task.proto

import type { SubmitTaskError as _holdfast_v1_SubmitTaskError, SubmitTaskError__Output as _holdfast_v1_SubmitTaskError__Output } from '../../holdfast/v1/SubmitTaskError.ts';

export interface SubmitTaskBatchResponse {
  'batchId'?: (string);
  'revision'?: (string);
  'taskIds'?: (string)[];
  'errors'?: (_holdfast_v1_SubmitTaskError)[];
}

export interface SubmitTaskBatchResponse__Output {
  'batchId'?: (string);
  'revision'?: (string);
  'taskIds'?: (string)[];
  'errors'?: (_holdfast_v1_SubmitTaskError__Output)[];
}
