// Original file: ../../proto/holdfast/v1/node.proto

import type { Node as _holdfast_v1_Node, Node__Output as _holdfast_v1_Node__Output } from '../../holdfast/v1/Node.ts';

export interface WatchNodesResponse {
  'nodes'?: (_holdfast_v1_Node)[];
  'removedNodeIds'?: (string)[];
  'revision'?: (string);
  'caughtUp'?: (boolean);
}

export interface WatchNodesResponse__Output {
  'nodes'?: (_holdfast_v1_Node__Output)[];
  'removedNodeIds'?: (string)[];
  'revision'?: (string);
  'caughtUp'?: (boolean);
}
