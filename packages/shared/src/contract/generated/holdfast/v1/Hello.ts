// Original file: ../../proto/holdfast/v1/agent.proto

import type { Inventory as _holdfast_v1_Inventory, Inventory__Output as _holdfast_v1_Inventory__Output } from '../../holdfast/v1/Inventory.ts';
import type { AttemptReport as _holdfast_v1_AttemptReport, AttemptReport__Output as _holdfast_v1_AttemptReport__Output } from '../../holdfast/v1/AttemptReport.ts';
import type { Long } from '@grpc/proto-loader';

export interface Hello {
  'nodeId'?: (string);
  'bootId'?: (string);
  'protocolRevision'?: (number);
  'highestEpoch'?: (number | string | Long);
  'inventory'?: (_holdfast_v1_Inventory | null);
  'nodeClass'?: (string);
  'labels'?: ({[key: string]: string});
  'agentVersion'?: (string);
  'instanceId'?: (string);
  'attempts'?: (_holdfast_v1_AttemptReport)[];
  'answersInquiry'?: (number | string | Long);
  'lastBeat'?: (number | string | Long);
}

export interface Hello__Output {
  'nodeId'?: (string);
  'bootId'?: (string);
  'protocolRevision'?: (number);
  'highestEpoch'?: (number);
  'inventory'?: (_holdfast_v1_Inventory__Output);
  'nodeClass'?: (string);
  'labels'?: ({[key: string]: string});
  'agentVersion'?: (string);
  'instanceId'?: (string);
  'attempts'?: (_holdfast_v1_AttemptReport__Output)[];
  'answersInquiry'?: (number);
  'lastBeat'?: (number);
}
