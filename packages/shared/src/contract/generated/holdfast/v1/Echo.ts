// Original file: ../../proto/holdfast/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Echo {
  'measuredAtMs'?: (number | string | Long);
}

export interface Echo__Output {
  'measuredAtMs'?: (number);
}
