// Original file: ../../proto/holdfast/v1/node.proto

import type { Long } from '@grpc/proto-loader';

export interface Gpu {
  'number'?: (number);
  'uuid'?: (string);
  'model'?: (string);
  'memoryBytes'?: (number | string | Long);
}

export interface Gpu__Output {
  'number'?: (number);
  'uuid'?: (string);
  'model'?: (string);
  'memoryBytes'?: (number);
}
