// Original file: ../../proto/holdfast/v1/peer.proto

import type { Long } from '@grpc/proto-loader';

export interface HearingView {
  'silentNodeIds'?: (string)[];
  'steadyForMs'?: (number | string | Long);
  'revision'?: (string);
  'leadingEpoch'?: (number | string | Long);
  'reconciledEpoch'?: (number | string | Long);
  'silentForMs'?: (number | string | Long)[];
}

export interface HearingView__Output {
  'silentNodeIds'?: (string)[];
  'steadyForMs'?: (number);
  'revision'?: (string);
  'leadingEpoch'?: (number);
  'reconciledEpoch'?: (number);
  'silentForMs'?: (number)[];
}
