// Original file: ../../proto/holdfast/v1/node.proto

import type { Node as _holdfast_v1_Node, Node__Output as _holdfast_v1_Node__Output } from '../../holdfast/v1/Node.ts';
import type { ReadInfo as _holdfast_v1_ReadInfo, ReadInfo__Output as _holdfast_v1_ReadInfo__Output } from '../../holdfast/v1/ReadInfo.ts';

export interface GetNodeResponse {
  'node'?: (_holdfast_v1_Node | null);
  'read'?: (_holdfast_v1_ReadInfo | null);
}

export interface GetNodeResponse__Output {
  'node'?: (_holdfast_v1_Node__Output);
  'read'?: (_holdfast_v1_ReadInfo__Output);
}
