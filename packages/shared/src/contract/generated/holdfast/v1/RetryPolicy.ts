// Original file: ../../proto/holdfast/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface RetryPolicy {
  'maxRetries'?: (number);
  'backoffMs'?: (number | string | Long);
  'backoffMaxMs'?: (number | string | Long);
  'finalExitCodes'?: (number)[];
}

export interface RetryPolicy__Output {
  'maxRetries'?: (number);
  'backoffMs'?: (number);
  'backoffMaxMs'?: (number);
  'finalExitCodes'?: (number)[];
}
