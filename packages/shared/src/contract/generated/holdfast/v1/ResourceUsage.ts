// Original file: ../../proto/holdfast/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface ResourceUsage {
  'cpuUserMs'?: (number | string | Long);
  'cpuSystemMs'?: (number | string | Long);
  'maxResidentBytes'?: (number | string | Long);
  'outputBytes'?: (number | string | Long);
}

export interface ResourceUsage__Output {
  'cpuUserMs'?: (number);
  'cpuSystemMs'?: (number);
  'maxResidentBytes'?: (number);
  'outputBytes'?: (number);
}
