// Original file: ../../proto/holdfast/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Leading {
  'epoch'?: (number | string | Long);
  'inquiry'?: (number | string | Long);
}

export interface Leading__Output {
  'epoch'?: (number);
  'inquiry'?: (number);
}
