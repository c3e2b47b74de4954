// Original file: ../../proto/holdfast/v1/node.proto

import type { Long } from '@grpc/proto-loader';

export interface Drain {
  'deadlineMs'?: (number | string | Long);
  'finished'?: (boolean);
  'attemptsLeft'?: (number);
}

export interface Drain__Output {
  'deadlineMs'?: (number);
  'finished'?: (boolean);
  'attemptsLeft'?: (number);
}
