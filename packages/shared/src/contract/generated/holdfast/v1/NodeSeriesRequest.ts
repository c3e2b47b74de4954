// Original file: ../../proto/holdfast/v1/node.proto

import type { Long } from '@grpc/proto-loader';

export interface NodeSeriesRequest {
  'nodeId'?: (string);
  'metrics'?: (string)[];
  'fromMs'?: (number | string | Long);
  'toMs'?: (number | string | Long);
}

export interface NodeSeriesRequest__Output {
  'nodeId'?: (string);
  'metrics'?: (string)[];
  'fromMs'?: (number);
  'toMs'?: (number);
}
