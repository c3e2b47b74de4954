// Original file: ../../proto/holdfast/v1/task.proto

import type { TaskSpec as _holdfast_v1_TaskSpec, TaskSpec__Output as _holdfast_v1_TaskSpec__Output } from '../../holdfast/v1/TaskSpec.ts';
import type { TaskState as _holdfast_v1_TaskState, TaskState__Output as _holdfast_v1_TaskState__Output } from '../../holdfast/v1/TaskState.ts';
import type { Attempt as _holdfast_v1_Attempt, Attempt__Output as _holdfast_v1_Attempt__Output } from '../../holdfast/v1/Attempt.ts';
import type { Long } from '@grpc/proto-loader';

export interface Task {
  'id'?: (string);
  'namespace'?: (string);
  'spec'?: (_holdfast_v1_TaskSpec | null);
  'state'?: (_holdfast_v1_TaskState);
  'reason'?: (string);
  'held'?: (boolean);
  'requestId'?: (string);
  'batchId'?: (string);
  'submittedAtMs'?: (number | string | Long);
  'startedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'attempts'?: (_holdfast_v1_Attempt)[];
  'failures'?: (number);
  'eligibleAtMs'?: (number | string | Long);
}

export interface Task__Output {
  'id'?: (string);
  'namespace'?: (string);
  'spec'?: (_holdfast_v1_TaskSpec__Output);
  'state'?: (_holdfast_v1_TaskState__Output);
  'reason'?: (string);
  'held'?: (boolean);
  'requestId'?: (string);
  'batchId'?: (string);
  'submittedAtMs'?: (number);
  'startedAtMs'?: (number);
  'endedAtMs'?: (number);
  'attempts'?: (_holdfast_v1_Attempt__Output)[];
  'failures'?: (number);
  'eligibleAtMs'?: (number);
}
