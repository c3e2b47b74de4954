// Original file: ../../proto/holdfast/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface ClusterEvent {
  'sequence'?: (number | string | Long);
  'atMs'?: (number | string | Long);
  'kind'?: (string);
  'subject'?: (string);
  'message'?: (string);
  'epoch'?: (number | string | Long);
}

export interface ClusterEvent__Output {
  'sequence'?: (number);
  'atMs'?: (number);
  'kind'?: (string);
  'subject'?: (string);
  'message'?: (string);
  'epoch'?: (number);
}
