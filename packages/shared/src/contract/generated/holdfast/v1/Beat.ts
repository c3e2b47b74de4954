// Original file: ../../proto/holdfast/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Beat {
  'sequence'?: (number | string | Long);
}

export interface Beat__Output {
  'sequence'?: (number);
}
