// Original file: ../../proto/holdfast/v1/agent.proto

import type { AttemptState as _holdfast_v1_AttemptState, AttemptState__Output as _holdfast_v1_AttemptState__Output } from '../../holdfast/v1/AttemptState.ts';

export interface StopOrder {
  'taskId'?: (string);
  'attempt'?: (number);
  'outcome'?: (_holdfast_v1_AttemptState);
  'reason'?: (string);
}

export interface StopOrder__Output {
  'taskId'?: (string);
  'attempt'?: (number);
  'outcome'?: (_holdfast_v1_AttemptState__Output);
  'reason'?: (string);
}
