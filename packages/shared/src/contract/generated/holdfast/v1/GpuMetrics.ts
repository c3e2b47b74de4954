// Original file: ../../proto/holdfast/v1/node.proto

import type { Long } from '@grpc/proto-loader';

export interface GpuMetrics {
  'number'?: (number);
  'used'?: (number | string);
  'memoryUsedBytes'?: (number | string | Long);
  'temperatureCelsius'?: (number | string);
  'powerWatts'?: (number | string);
}

export interface GpuMetrics__Output {
  'number'?: (number);
  'used'?: (number);
  'memoryUsedBytes'?: (number);
  'temperatureCelsius'?: (number);
  'powerWatts'?: (number);
}
