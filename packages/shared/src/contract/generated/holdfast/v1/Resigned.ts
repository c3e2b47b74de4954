// Original file: ../../proto/holdfast/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

export interface Resigned {
  'epoch'?: (number | string | Long);
}

export interface Resigned__Output {
  'epoch'?: (number);
}
