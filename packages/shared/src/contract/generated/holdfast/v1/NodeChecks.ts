// Original file: ../../proto/holdfast/v1/agent.proto

import type { NodeCheck as _holdfast_v1_NodeCheck, NodeCheck__Output as _holdfast_v1_NodeCheck__Output } from '../../holdfast/v1/NodeCheck.ts';

export interface NodeChecks {
  'checks'?: (_holdfast_v1_NodeCheck)[];
}

export interface NodeChecks__Output {
  'checks'?: (_holdfast_v1_NodeCheck__Output)[];
}
