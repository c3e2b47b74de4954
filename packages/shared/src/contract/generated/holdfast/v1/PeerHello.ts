// Original file: ../../proto/holdfast/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

export interface PeerHello {
  'coordinatorId'?: (string);
  'address'?: (string);
  'version'?: (string);
  'startedAtMs'?: (number | string | Long);
}

export interface PeerHello__Output {
  'coordinatorId'?: (string);
  'address'?: (string);
  'version'?: (string);
  'startedAtMs'?: (number);
}
