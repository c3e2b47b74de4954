// Original file: ../../proto/holdfast/v1/node.proto

import type { NodeState as _holdfast_v1_NodeState, NodeState__Output as _holdfast_v1_NodeState__Output } from '../../holdfast/v1/NodeState.ts';

export interface ListNodesRequest {
  'states'?: (_holdfast_v1_NodeState)[];
  'labels'?: ({[key: string]: string});
  'pageSize'?: (number);
  'pageToken'?: (string);
  'minRevision'?: (string);
}

export interface ListNodesRequest__Output {
  'states'?: (_holdfast_v1_NodeState__Output)[];
  'labels'?: ({[key: string]: string});
  'pageSize'?: (number);
  'pageToken'?: (string);
  'minRevision'?: (string);
}
