// Original file: ../../proto/holdfast/v1/agent.proto

import type { AttemptId as _holdfast_v1_AttemptId, AttemptId__Output as _holdfast_v1_AttemptId__Output } from '../../holdfast/v1/AttemptId.ts';
import type { Long } from '@grpc/proto-loader';

export interface Acknowledgements {
  'epoch'?: (number | string | Long);
  'attempts'?: (_holdfast_v1_AttemptId)[];
}

export interface Acknowledgements__Output {
  'epoch'?: (number);
  'attempts'?: (_holdfast_v1_AttemptId__Output)[];
}
