// Original file: ../../proto/holdfast/v1/peer.proto

import type { CoordinatorMessage as _holdfast_v1_CoordinatorMessage, CoordinatorMessage__Output as _holdfast_v1_CoordinatorMessage__Output } from '../../holdfast/v1/CoordinatorMessage.ts';

export interface ToAgent {
  'nodeId'?: (string);
  'instanceId'?: (string);
  'message'?: (_holdfast_v1_CoordinatorMessage | null);
}

export interface ToAgent__Output {
  'nodeId'?: (string);
  'instanceId'?: (string);
  'message'?: (_holdfast_v1_CoordinatorMessage__Output);
}
