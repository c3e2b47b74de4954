// Original file: ../../proto/holdfast/v1/node.proto

import type { Long } from '@grpc/proto-loader';

export interface DiskMetrics {
  'mount'?: (string);
  'device'?: (string);
  'totalBytes'?: (number | string | Long);
  'usedBytes'?: (number | string | Long);
  'readBytes'?: (number | string);
  'writtenBytes'?: (number | string);
  'busy'?: (number | string);
  'inodesTotal'?: (number | string | Long);
  'inodesUsed'?: (number | string | Long);
}

export interface DiskMetrics__Output {
  'mount'?: (string);
  'device'?: (string);
  'totalBytes'?: (number);
  'usedBytes'?: (number);
  'readBytes'?: (number);
  'writtenBytes'?: (number);
  'busy'?: (number);
  'inodesTotal'?: (number);
  'inodesUsed'?: (number);
}
