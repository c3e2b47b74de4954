// Original file: ../../proto/holdfast/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface TaskLogsRequest {
  'namespace'?: (string);
  'taskId'?: (string);
  'attempt'?: (number);
  'follow'?: (boolean);
  'tailBytes'?: (number | string | Long);
}

export interface TaskLogsRequest__Output {
  'namespace'?: (string);
  'taskId'?: (string);
  'attempt'?: (number);
  'follow'?: (boolean);
  'tailBytes'?: (number);
}
