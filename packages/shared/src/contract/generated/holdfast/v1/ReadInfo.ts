// Original file: ../../proto/holdfast/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface ReadInfo {
  'revision'?: (string);
  'asOfMs'?: (number | string | Long);
  'coordinatorId'?: (string);
  'fromLeader'?: (boolean);
}

export interface ReadInfo__Output {
  'revision'?: (string);
  'asOfMs'?: (number);
  'coordinatorId'?: (string);
  'fromLeader'?: (boolean);
}
