// Original file: ../../proto/holdfast/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Welcome {
  'coordinatorId'?: (string);
  'leadingEpoch'?: (number | string | Long);
  'protocolRevision'?: (number);
  'beatIntervalMs'?: (number | string | Long);
  'metricsIntervalMs'?: (number | string | Long);
}

export interface Welcome__Output {
  'coordinatorId'?: (string);
  'leadingEpoch'?: (number);
  'protocolRevision'?: (number);
  'beatIntervalMs'?: (number);
  'metricsIntervalMs'?: (number);
}
