// Original file: ../../proto/holdfast/v1/node.proto

import type { Long } from '@grpc/proto-loader';

export interface DrainNodeRequest {
  'nodeId'?: (string);
  'deadlineMs'?: (number | string | Long);
  'reason'?: (string);
}

export interface DrainNodeRequest__Output {
  'nodeId'?: (string);
  'deadlineMs'?: (number);
  'reason'?: (string);
}
