// Original file: ../../proto/holdfast/v1/peer.proto

import type { AgentMessage as _holdfast_v1_AgentMessage, AgentMessage__Output as _holdfast_v1_AgentMessage__Output } from '../../holdfast/v1/AgentMessage.ts';

export interface FromAgent {
  'nodeId'?: (string);
  'instanceId'?: (string);
  'message'?: (_holdfast_v1_AgentMessage | null);
}

export interface FromAgent__Output {
  'nodeId'?: (string);
  'instanceId'?: (string);
  'message'?: (_holdfast_v1_AgentMessage__Output);
}
