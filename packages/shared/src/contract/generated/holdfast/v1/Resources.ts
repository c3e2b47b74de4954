// Original file: ../../proto/holdfast/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface Resources {
  'cpuMillis'?: (number | string | Long);
  'memoryBytes'?: (number | string | Long);
  'counts'?: ({[key: string]: number | string | Long});
}

export interface Resources__Output {
  'cpuMillis'?: (number);
  'memoryBytes'?: (number);
  'counts'?: ({[key: string]: number});
}
