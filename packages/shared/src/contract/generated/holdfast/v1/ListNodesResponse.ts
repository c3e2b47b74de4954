// Original file: ../../proto/holdfast/v1/node.proto

import type { Node as _holdfast_v1_Node, Node__Output as _holdfast_v1_Node__Output } from '../../holdfast/v1/Node.ts';
import type { ReadInfo as _holdfast_v1_ReadInfo, ReadInfo__Output as _holdfast_v1_ReadInfo__Output } from '../../holdfast/v1/ReadInfo.ts';

export interface ListNodesResponse {
  'nodes'?: (_holdfast_v1_Node)[];
  'nextPageToken'?: (string);
  'read'?: (_holdfast_v1_ReadInfo | null);
}

export interface ListNodesResponse__Output {
  'nodes'?: (_holdfast_v1_Node__Output)[];
  'nextPageToken'?: (string);
  'read'?: (_holdfast_v1_ReadInfo__Output);
}
