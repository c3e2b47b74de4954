// Original file: ../../proto/holdfast/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface EpochRefused {
  'refusedEpoch'?: (number | string | Long);
  'highestEpoch'?: (number | string | Long);
}

export interface EpochRefused__Output {
  'refusedEpoch'?: (number);
  'highestEpoch'?: (number);
}
