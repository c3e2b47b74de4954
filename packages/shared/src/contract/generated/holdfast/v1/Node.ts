// Original file: ../../proto/holdfast/v1/node.proto

import type { NodeState as _holdfast_v1_NodeState, NodeState__Output as _holdfast_v1_NodeState__Output } from '../../holdfast/v1/NodeState.ts';
import type { Drain as _holdfast_v1_Drain, Drain__Output as _holdfast_v1_Drain__Output } from '../../holdfast/v1/Drain.ts';
import type { Inventory as _holdfast_v1_Inventory, Inventory__Output as _holdfast_v1_Inventory__Output } from '../../holdfast/v1/Inventory.ts';
import type { Resources as _holdfast_v1_Resources, Resources__Output as _holdfast_v1_Resources__Output } from '../../holdfast/v1/Resources.ts';
import type { NodeMetrics as _holdfast_v1_NodeMetrics, NodeMetrics__Output as _holdfast_v1_NodeMetrics__Output } from '../../holdfast/v1/NodeMetrics.ts';
import type { NodeCheck as _holdfast_v1_NodeCheck, NodeCheck__Output as _holdfast_v1_NodeCheck__Output } from '../../holdfast/v1/NodeCheck.ts';
import type { Long } from '@grpc/proto-loader';

export interface Node {
  'id'?: (string);
  'state'?: (_holdfast_v1_NodeState);
  'reason'?: (string);
  'cordoned'?: (boolean);
  'drain'?: (_holdfast_v1_Drain | null);
  'inventory'?: (_holdfast_v1_Inventory | null);
  'bootId'?: (string);
  'agentVersion'?: (string);
  'nodeClass'?: (string);
  'labels'?: ({[key: string]: string});
  'joinedAtMs'?: (number | string | Long);
  'lastBeatAgeMs'?: (number | string | Long);
  'promised'?: (_holdfast_v1_Resources | null);
  'attempts'?: (number);
  'metrics'?: (_holdfast_v1_NodeMetrics | null);
  'checks'?: (_holdfast_v1_NodeCheck)[];
}

export interface Node__Output {
  'id'?: (string);
  'state'?: (_holdfast_v1_NodeState__Output);
  'reason'?: (string);
  'cordoned'?: (boolean);
  'drain'?: (_holdfast_v1_Drain__Output);
  'inventory'?: (_holdfast_v1_Inventory__Output);
  'bootId'?: (string);
  'agentVersion'?: (string);
  'nodeClass'?: (string);
  'labels'?: ({[key: string]: string});
  'joinedAtMs'?: (number);
  'lastBeatAgeMs'?: (number);
  'promised'?: (_holdfast_v1_Resources__Output);
  'attempts'?: (number);
  'metrics'?: (_holdfast_v1_NodeMetrics__Output);
  'checks'?: (_holdfast_v1_NodeCheck__Output)[];
}
