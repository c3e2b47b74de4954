// Original file: ../../proto/holdfast/v1/node.proto

import type { NodeSeries as _holdfast_v1_NodeSeries, NodeSeries__Output as _holdfast_v1_NodeSeries__Output } from '../../holdfast/v1/NodeSeries.ts';
import type { Long } from '@grpc/proto-loader';

export interface NodeSeriesResponse {
  'stepMs'?: (number | string | Long);
  'firstMs'?: (number | string | Long);
  'series'?: (_holdfast_v1_NodeSeries)[];
}

export interface NodeSeriesResponse__Output {
  'stepMs'?: (number);
  'firstMs'?: (number);
  'series'?: (_holdfast_v1_NodeSeries__Output)[];
}
