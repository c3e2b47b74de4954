// Original file: ../../proto/holdfast/v1/agent.proto

import type { StartOrder as _holdfast_v1_StartOrder, StartOrder__Output as _holdfast_v1_StartOrder__Output } from '../../holdfast/v1/StartOrder.ts';
import type { StopOrder as _holdfast_v1_StopOrder, StopOrder__Output as _holdfast_v1_StopOrder__Output } from '../../holdfast/v1/StopOrder.ts';

export interface Order {
  'start'?: (_holdfast_v1_StartOrder | null);
  'stop'?: (_holdfast_v1_StopOrder | null);
  'content'?: "start"|"stop";
}

export interface Order__Output {
  'start'?: (_holdfast_v1_StartOrder__Output);
  'stop'?: (_holdfast_v1_StopOrder__Output);
  'content'?: "start"|"stop";
}
