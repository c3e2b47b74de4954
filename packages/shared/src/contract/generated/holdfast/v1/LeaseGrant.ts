// Original file: ../../proto/holdfast/v1/agent.proto

import type { AttemptId as _holdfast_v1_AttemptId, AttemptId__Output as _holdfast_v1_AttemptId__Output } from '../../holdfast/v1/AttemptId.ts';
import type { Long } from '@grpc/proto-loader';

export interface LeaseGrant {
  'epoch'?: (number | string | Long);
  'answersBeat'?: (number | string | Long);
  'instanceId'?: (string);
  'leaseMs'?: (number | string | Long);
  'attempts'?: (_holdfast_v1_AttemptId)[];
}

export interface LeaseGrant__Output {
  'epoch'?: (number);
  'answersBeat'?: (number);
  'instanceId'?: (string);
  'leaseMs'?: (number);
  'attempts'?: (_holdfast_v1_AttemptId__Output)[];
}
